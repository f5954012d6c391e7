import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { downloadPulumi, launcherBinary, launcherVersion } from "../../../ops/engine";

const before = { ...process.env };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-launcher-"));
  await mkdir(join(folder, "bin"));
  process.env.PATH = join(folder, "bin");
  process.env.PULUMI_HOME = join(folder, "pulumi");
  process.env.DND_CACHE = join(folder, "cache");
});
afterEach(async () => {
  for (const name of ["PATH", "PULUMI_HOME", "DND_CACHE"]) {
    if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = before[name];
  }
  await rm(folder, { recursive: true, force: true });
});

/** An npx that notes its arguments and then does what the test wants. */
async function npx(behaviour: string): Promise<void> {
  const script = `#!${process.execPath}
const fs = require("node:fs"), path = require("node:path");
fs.appendFileSync(${JSON.stringify(join(folder, "calls"))}, process.argv.slice(2).join(" ") + "\\n");
${behaviour}`;
  await writeFile(join(folder, "bin", "npx"), script);
  await chmod(join(folder, "bin", "npx"), 0o755);
}

const calls = async () => (await readFile(join(folder, "calls"), "utf8")).trim().split("\n");

test("Pulumi's own launcher is asked for one pinned version, and what it fetched is used", async () => {
  const binary = launcherBinary();
  await npx(`
    fs.mkdirSync(path.dirname(${JSON.stringify(binary)}), { recursive: true });
    fs.writeFileSync(${JSON.stringify(binary)}, "#!/bin/sh\\necho v${launcherVersion}\\n", { mode: 0o755 });`);
  expect(await downloadPulumi()).toEqual({ found: { path: binary, version: launcherVersion } });
  expect(await calls()).toEqual([`--yes pulumi@${launcherVersion} version`]);
});

test("a failure is one line with its reason, and is not tried again the same day", async () => {
  await npx('console.error("Downloading\\npulumi: fetch failed"); process.exit(1);');
  const first = await downloadPulumi();
  expect(first).toEqual({ found: undefined, reason: "Pulumi's CLI could not be downloaded (fetch failed)" });
  expect(await downloadPulumi()).toMatchObject({
    reason: expect.stringContaining("tried less than a day ago") as string,
  });
  expect(await calls()).toHaveLength(1);
});

test("without npx it says so and nothing is thrown", async () => {
  expect(await downloadPulumi()).toMatchObject({
    found: undefined,
    reason: expect.stringContaining("could not be downloaded") as string,
  });
});
