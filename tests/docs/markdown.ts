import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../infra/support";

/** A page for readers, from the folder of the project. */
export interface Page {
  path: string;
  text: string;
}

/** All pages that lead somewhere: docs/, README and CONTRIBUTING. */
export function pages(): Page[] {
  const docs = readdirSync(join(projectRoot, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name));
  return ["README.md", "CONTRIBUTING.md", ...docs].map((path) => ({
    path,
    text: readFileSync(join(projectRoot, path), "utf8"),
  }));
}

/** Every place that a page links to, apart from other servers'. */
export function linksOf({ text }: Page): string[] {
  const prose = withoutBlocks(text);
  return [...prose.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/i.test(target));
}

/** The anchors of a page, as GitHub makes them of its headings. */
export function anchorsOf({ text }: Page): Set<string> {
  const headings = [...withoutBlocks(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, title = ""]) => title);
  return new Set(
    headings.map((title) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

/** Every `dnd` command that a page shows, in a block or in a sentence, as its words behind `dnd`. */
export function commandsIn({ text }: Page): string[][] {
  const blocks = [...text.matchAll(/^```(?:sh|bash)\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]) =>
    block.split("\n"),
  );
  const inline = [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
  return [...blocks, ...inline].flatMap((line) => {
    const [, typed] = /(?:^|[\s$(;&|])(?:npx (?:--no )?)?dnd ((?:[^#`|;&]|&&)*)/.exec(` ${line}`) ?? [];
    return typed === undefined ? [] : typed.split("&&").slice(0, 1).map(wordsOf);
  });
}

/** The npm scripts that a page names. */
export function scriptsIn({ text }: Page): string[] {
  return [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name);
}

function wordsOf(line: string): string[] {
  return [...line.matchAll(/"[^"]*"|'[^']*'|\S+/g)].map(([word]) => word.replace(/^["']|["']$/g, ""));
}

function withoutBlocks(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, "");
}
