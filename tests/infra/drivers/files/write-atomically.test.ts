import { mkdir, mkdtemp, readFile, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { readJson, writeAtomically } from "../../../../infra/drivers/files";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-files-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a written file has its content and mode, and replaces the old one", async () => {
  const path = join(folder, "deep", "file");
  await writeAtomically(path, "old");
  await writeAtomically(path, "new", { mode: 0o400, fsync: true });
  expect(await readFile(path, "utf8")).toBe("new");
  expect((await stat(path)).mode & 0o777).toBe(0o400);
});

test("a write that fails leaves nothing behind", async () => {
  await mkdir(join(folder, "taken", "inside"), { recursive: true });
  await expect(writeAtomically(join(folder, "taken"), "text")).rejects.toThrow();
  expect(await readdir(folder)).toEqual(["taken"]);
});

test("JSON is read by its schema: absent is undefined, anything else wrong says which file", async () => {
  const path = join(folder, "a.json");
  const schema = z.object({ port: z.int() });
  expect(await readJson(path, schema)).toBeUndefined();
  await writeAtomically(path, '{"port": 27017}');
  expect(await readJson(path, schema)).toEqual({ port: 27017 });
  await writeAtomically(path, '{"port": "x"}');
  await expect(readJson(path, schema)).rejects.toMatchObject({ code: "file-unreadable" });
});
