import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The commit of the checkout that a folder lies in, or of the image's build; null where nobody says. */
export function commitOf(folder: string): string | null {
  const named = process.env.GIT_SHA;
  if (named) return named;
  try {
    const git = gitFolder(resolve(folder));
    return git ? commitIn(git) : null;
  } catch {
    // Git keeps more shapes of a checkout than are read here: the commit is then unknown, and nothing else.
    return null;
  }
}

function gitFolder(from: string): string | null {
  const here = join(from, ".git");
  if (existsSync(here)) {
    if (statSync(here).isDirectory()) return here;
    // A work tree beside its repository names the folder that is its own.
    return resolve(
      from,
      readFileSync(here, "utf8")
        .replace(/^gitdir: /, "")
        .trim(),
    );
  }
  return dirname(from) === from ? null : gitFolder(dirname(from));
}

function commitIn(git: string): string | null {
  const head = readFileSync(join(git, "HEAD"), "utf8").trim();
  if (!head.startsWith("ref: ")) return head;
  const ref = head.slice("ref: ".length);
  const shared = join(git, "commondir");
  const folders = existsSync(shared) ? [git, resolve(git, readFileSync(shared, "utf8").trim())] : [git];
  for (const folder of folders) {
    if (existsSync(join(folder, ref))) return readFileSync(join(folder, ref), "utf8").trim();
    const packed = join(folder, "packed-refs");
    if (!existsSync(packed)) continue;
    const line = readFileSync(packed, "utf8")
      .split("\n")
      .find((one) => one.endsWith(` ${ref}`));
    if (line) return line.slice(0, line.indexOf(" "));
  }
  return null;
}
