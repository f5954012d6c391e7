import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writtenFolders } from "../../../ops/outpost/written-folders";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-written-"));
  process.env.DND_DIR = folder;
});
afterEach(() => rm(folder, { recursive: true }));

const written = async (files: Record<string, string>) => {
  const [given] = await writtenFolders([{ folder: files }], ["folder"]);
  return (given as { folder: string }).folder;
};

test("a folder that comes again is not written again: somebody may be reading it", async () => {
  const files = { "1.ts": "one", "sub/2.ts": "two" };
  const [first, second] = await Promise.all([written(files), written(files)]);
  expect(second).toBe(first);
  const { ctimeMs } = await stat(join(first, "1.ts"));
  expect(await written(files)).toBe(first);
  expect((await stat(join(first, "1.ts"))).ctimeMs).toBe(ctimeMs);
  expect(await readFile(join(first, "sub", "2.ts"), "utf8")).toBe("two");
});

test("an empty folder is one, and a file alone has its name", async () => {
  expect((await stat(await written({}))).isDirectory()).toBe(true);
  expect(await readFile(await written({ "": "signers", signers: "a key" }), "utf8")).toBe("a key");
});
