import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportConfig } from "../../../ops/config/export";
import { openTerminal } from "../../../ops/terminal";
import { laidOver, settingsBelow } from "../../../stacks/config-files";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-config-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (force = false) =>
  exportConfig(
    { action: "export", to: folder, force, stack: "local", json: true, yes: false },
    { ...openTerminal(true), out: process.stderr, say: () => undefined },
  );

test("the settings of every environment are written as the guides name them, and read below the stack's own", async () => {
  expect(await write()).toBe(0);
  for (const environment of ["development", "staging", "production"]) {
    const text = await readFile(join(folder, "config", `migration.${environment}.json`), "utf8");
    expect(JSON.parse(text)).toEqual({
      migrations: expect.anything(),
      backup: expect.anything(),
      release: expect.anything(),
    });
    expect(text).not.toMatch(/secure|encrypted/);
  }
  const below = settingsBelow("production", folder);
  expect(below).toMatchObject({ monitoring: expect.anything() });
  const merged = laidOver(
    { backup: { enabled: false, store: "there" } },
    { backup: { store: "here" }, app: {} },
  );
  expect(merged).toEqual({ backup: { enabled: false, store: "here" }, app: {} });
});

test("files that are there are not overwritten unless that is asked for", async () => {
  await write();
  await expect(write()).rejects.toMatchObject({ code: "config-files-there", exitCode: 3 });
  expect(await write(true)).toBe(0);
});

test("a file that is no JSON, or has what it may not have, is wrong settings", async () => {
  await write();
  const file = join(folder, "config", "monitoring.json");
  for (const text of ["{", "[]", '{"app":{}}']) {
    await writeFile(file, text);
    expect(() => settingsBelow("staging", folder)).toThrow(expect.objectContaining({ exitCode: 2 }));
  }
  expect(settingsBelow("none", join(folder, "elsewhere"))).toEqual({});
});
