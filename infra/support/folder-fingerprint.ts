import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

const never = new Set([".git", "node_modules"]);

/** The same for the same files with the same contents: those that Git knows or would take, else all of them. */
export function folderFingerprint(folder: string): string {
  const hash = createHash("sha256");
  for (const name of filesOf(folder).sort()) {
    const path = join(folder, name);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (!stat || stat.isDirectory()) continue;
    const content = stat.isSymbolicLink() ? readlinkSync(path) : readFileSync(path);
    const runs = stat.mode & 0o100 ? "x" : "-";
    hash.update(`${name}\n${runs}${createHash("sha256").update(content).digest("hex")}\n`);
  }
  return hash.digest("hex");
}

function filesOf(folder: string): string[] {
  try {
    const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    const stdio = ["ignore", "pipe", "ignore"] as ["ignore", "pipe", "ignore"];
    const listed = execFileSync("git", args, { cwd: folder, encoding: "utf8", stdio, maxBuffer: 1e8 });
    return [...new Set(listed.split("\0").filter(Boolean))];
  } catch {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
      (name) => !name.split(/[\\/]/).some((part) => never.has(part)),
    );
  }
}
