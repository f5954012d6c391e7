import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { localFolder } from "../../infra/support";

/** The folders that came along as texts, written down once each, in place of the texts. */
export async function writtenFolders(args: unknown[], folders: readonly string[]): Promise<unknown[]> {
  const [first, ...rest] = args as [Record<string, unknown>, ...unknown[]];
  const written: Record<string, unknown> = { ...first };
  for (const field of folders) written[field] = await writeDown(first[field] as Record<string, string>);
  return [folders.length > 0 ? written : first, ...rest];
}

async function writeDown(files: Record<string, string>): Promise<string> {
  const named = createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 16);
  const folder = localFolder("outpost", named);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}
