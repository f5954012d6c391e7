import { execFileSync } from "node:child_process";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderFingerprint } from "../../../infra/support";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-fingerprint-"));
  await mkdir(join(folder, "src"));
  await write("src/a.js", "1");
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const write = (name: string, content: string) => writeFile(join(folder, name), content);

test.each(["a plain folder", "a checkout"])(
  "%s changes with its files, their names and contents",
  async (kind) => {
    if (kind === "a checkout") execFileSync("git", ["init", "-q"], { cwd: folder });
    const first = folderFingerprint(folder);
    await write("src/a.js", "1");
    expect(folderFingerprint(folder)).toBe(first);
    await write("src/a.js", "2");
    const second = folderFingerprint(folder);
    expect(second).not.toBe(first);
    await write("src/b.js", "");
    expect(folderFingerprint(folder)).not.toBe(second);
  },
);

test("what Git ignores is nothing new, and neither are installed packages", async () => {
  const plain = folderFingerprint(folder);
  await mkdir(join(folder, "node_modules"));
  await write("node_modules/x.js", "1");
  expect(folderFingerprint(folder)).toBe(plain);
  execFileSync("git", ["init", "-q"], { cwd: folder });
  await write(".gitignore", "node_modules\n*.log\n");
  const before = folderFingerprint(folder);
  await write("run.log", "1");
  expect(folderFingerprint(folder)).toBe(before);
});
