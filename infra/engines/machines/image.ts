import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../../support";
import { appSources } from "./sources";

/** One image of the app: the digest tells it apart from every other, wherever it is made. */
export interface AppImage {
  name: string;
  version: string;
  digest: string;
}

/** Part of every digest: raised when images are made in another way, for then the same sources make another one. */
const recipe = "bundle 1";

/** What the sources of this checkout would make. Reads only. */
export async function imageOf(app: { name: string; version: string }): Promise<AppImage> {
  const hash = createHash("sha256");
  const add = (name: string, content: string) =>
    hash.update(`${name}\n${createHash("sha256").update(content).digest("hex")}\n`);
  add("recipe", recipe);
  add("name", app.name);
  add("version", app.version);
  add("package-lock.json", await packagesOf(join(projectRoot, "package-lock.json")));
  const sources = await appSources();
  for (const [name, content] of [...sources].sort(([a], [b]) => (a < b ? -1 : 1))) add(name, plain(content));
  return { ...app, digest: `sha256:${hash.digest("hex")}` };
}

async function packagesOf(path: string): Promise<string> {
  return plain(await readFile(path));
}

/** Some checkouts turn the ends of lines: that makes no other image. */
function plain(content: Buffer): string {
  return content.toString("latin1").replaceAll("\r\n", "\n");
}
