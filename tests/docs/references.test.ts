import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { defineCommand } from "../../ops/perform-command";
import summaries from "../../ops/commands.json";
import { projectRoot } from "../../infra/support";
import { scripts } from "../../package.json";
import { followedElsewhere, followedOnOneStack } from "./followed-pages";
import { anchorsOf, commandsIn, linksOf, pages, scriptsIn, type Page } from "./markdown";

const all = pages();
const known = new Set(summaries.map(({ name }) => name));

test.each(all)("every link of $path leads somewhere", (page) => {
  const broken = linksOf(page).filter((link) => !leadsSomewhere(page, link));
  expect(broken).toEqual([]);
});

function leadsSomewhere(page: Page, link: string): boolean {
  const [target = "", anchor] = link.split("#");
  const path = target === "" ? page.path : normalize(join(dirname(page.path), target));
  if (!existsSync(join(projectRoot, path))) return false;
  if (anchor === undefined || !path.endsWith(".md")) return true;
  return anchorsOf({ path, text: readFileSync(join(projectRoot, path), "utf8") }).has(anchor);
}

test.each(all)("every dnd command in $path is one that there is, with options that it has", (page) => {
  expect(commandsIn(page).flatMap(problemsOf)).toEqual([]);
});

/** A word in capitals or in dots stands for something; what is optional is bracketed. */
function problemsOf([name = "", ...words]: string[]): string[] {
  const said = ["dnd", name, ...words].join(" ");
  if (name.startsWith("-") || !/^[a-z]/.test(name)) return [];
  if (!known.has(name)) return [`${said}: there is no such command`];
  const { command } = defineCommand(name);
  const flags = new Set(command.options.flatMap(({ long, short }) => [long, short]));
  flags.add("--help").add("-h");
  const wrong = words
    .map((word) => word.replace(/^\[+|\]+$/g, ""))
    .filter((word) => /^--?[a-z]/.test(word))
    .flatMap((word) => word.split("|"))
    .map((word) => word.split("=")[0] ?? word)
    .filter((word) => !flags.has(word));
  const [first] = command.registeredArguments;
  const given = words[0];
  const choices = first?.argChoices;
  const misnamed =
    choices && given !== undefined && /^[a-z][a-z-]*$/.test(given) && !choices.includes(given) ? [given] : [];
  return [...wrong, ...misnamed].map((word) => `${said}: ${word} is not known to it`);
}

test.each(all)("every npm script in $path is one that there is", (page) => {
  for (const name of scriptsIn(page)) expect(Object.keys(scripts)).toContain(name);
});

test("every page with commands in blocks is followed by a test that types them", () => {
  const shown = all.filter(({ text }) => /^```(sh|bash)$/m.test(text)).map(({ path }) => path);
  const followed = [...followedOnOneStack, ...Object.keys(followedElsewhere)].map((name) =>
    join("docs", name),
  );
  expect(followed.sort()).toEqual(shown.sort());
  for (const file of Object.values(followedElsewhere)) expect(existsSync(join(projectRoot, file))).toBe(true);
});
