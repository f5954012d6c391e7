import { copyFile, open, stat, truncate } from "node:fs/promises";

const keepBytes = 20_000_000;

/** The last lines of a log, without reading the whole; nothing when there is no log. */
export async function lastLines(path: string, count: number): Promise<string[]> {
  const file = await open(path, "r").catch(() => undefined);
  if (!file) return [];
  try {
    const { size } = await file.stat();
    const length = Math.min(size, 64 * 1024);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    const lines = buffer.toString("utf8").split("\n");
    return lines.filter((line) => line.trim() !== "").slice(-count);
  } finally {
    await file.close();
  }
}

/** Moves a log that has grown large aside; its writer appends and goes on in the emptied file. */
export async function rotateLog(path: string): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size < keepBytes) return;
  await copyFile(path, `${path}.1`);
  await truncate(path, 0);
}
