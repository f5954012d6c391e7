import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolvePlace } from "../../ops/stack-place";
import { settingsNamed } from "../../ops/stack-settings";

let folder: string;
const dndDir = process.env.DND_DIR;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-settings-"));
  process.env.DND_DIR = join(folder, "dnd");
});

afterAll(async () => {
  if (dndDir === undefined) delete process.env.DND_DIR;
  else process.env.DND_DIR = dndDir;
  await rm(folder, { recursive: true });
});

test("a stack without settings is the operator's to mend, and the missing file is named", async () => {
  await expect(settingsNamed({ stack: "nowhere" })).rejects.toMatchObject({
    code: "settings-missing",
    exitCode: 2,
    message: expect.stringContaining("Pulumi.nowhere.yaml") as string,
  });
});

test.each(["config: [a, b]\n", "config: {a: b\n"])(
  "a file that holds no settings is refused: %j",
  async (text) => {
    const configFile = join(folder, "Pulumi.mistyped.yaml");
    await writeFile(configFile, text);
    await expect(settingsNamed({ stack: "local", configFile })).rejects.toMatchObject({
      code: "settings-unreadable",
      exitCode: 2,
    });
  },
);

test("the local stack takes the settings that were named, and its own where none were", async () => {
  const named = join(folder, "Pulumi.other.yaml");
  expect(await resolvePlace({ stack: "local", configFile: named })).toMatchObject({ configFile: named });
  const own = join(folder, "dnd", "Pulumi.local.yaml");
  expect(await resolvePlace({ stack: "local" })).toMatchObject({ configFile: own });
});
