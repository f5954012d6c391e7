import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../infra/support";

export interface PageCommand {
  /** As a reader types it. */
  line: string;
  /** With which code it ends: 0 unless the comment behind it says `# ends with N`. */
  code: number;
}

/** The text of a page in `docs/`. */
export function readPage(page: string): string {
  return readFileSync(join(projectRoot, "docs", page), "utf8");
}

/** The commands of a page in `docs/`, in the order in which a reader types them: every line of its `sh` blocks. */
export function commandsOf(page: string): PageCommand[] {
  return [...readPage(page).matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]) =>
    block
      .split("\n")
      .filter((line) => line.trim() !== "" && !line.startsWith("#"))
      .map((line) => ({ line, code: Number(/# ends with (\d+)/.exec(line)?.[1] ?? 0) })),
  );
}
