import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { atPlace } from "../../infra/drivers/outpost";
import { localFolder } from "../../infra/support";

/** The folders and files that came along as texts, written down once each, in place of the texts. */
export async function writtenFolders(
  [first, ...rest]: unknown[],
  folders: readonly string[],
): Promise<unknown[]> {
  let given = first;
  for (const place of folders) {
    let files: unknown;
    atPlace(given, place.split("."), (value) => (files = value));
    if (typeof files !== "object" || files === null) continue;
    const there = await writeDown(files as Record<string, string>);
    given = atPlace(given, place.split("."), () => there);
  }
  return [given, ...rest];
}

const written = new Map<string, Promise<string>>();

/** Of a file that came alone, its own name is told beside it. */
async function writeDown({ "": alone = "", ...files }: Record<string, string>): Promise<string> {
  const named = createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 16);
  // Never a second time: somebody may be reading it.
  const writing = written.get(named) ?? writeAll(localFolder("outpost", named), files);
  written.set(named, writing);
  writing.catch(() => written.delete(named));
  return join(await writing, alone);
}

async function writeAll(folder: string, files: Record<string, string>): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}
