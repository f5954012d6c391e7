import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../support";

/** Raised with every change of what goes over the line. */
const protocol = 2;

/** Two sides understand each other where this is the same. */
export const edition = `${versionOf(projectRoot)}, protocol ${protocol}`;

function versionOf(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  return version;
}
