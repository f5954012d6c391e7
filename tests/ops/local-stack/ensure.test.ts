import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { ensureLocalStack, localPlaces, onDisk } from "../../../ops/local-stack";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-local-"));
  process.env.DND_DIR = join(folder, "dnd");
});
afterEach(async () => {
  delete process.env.DND_DIR;
  await rm(folder, { recursive: true, force: true });
});

const passphrase = () => readFile(localPlaces().passphrase, "utf8");
const settings = async () =>
  parse(await readFile(localPlaces().settings, "utf8")) as {
    encryptionsalt: string;
    config: Record<string, unknown>;
  };
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

/** A state that has been written with the salt of the settings, as after a first `up`. */
async function deploy(): Promise<void> {
  const file = localPlaces().checkpoint;
  const state = JSON.parse(await readFile(file, "utf8")) as { checkpoint: { latest: object } };
  const salt = (await settings()).encryptionsalt;
  state.checkpoint.latest = {
    ...state.checkpoint.latest,
    secrets_providers: { type: "passphrase", state: { salt } },
    resources: [{ urn: "urn:a" }],
  };
  await writeFile(file, JSON.stringify(state));
}

test("the first time everything is made: a private folder, a random passphrase, settings with their salt, a state", async () => {
  const place = await ensureLocalStack();
  expect(await modeOf(process.env.DND_DIR ?? "")).toBe(0o700);
  expect(await modeOf(localPlaces().passphrase)).toBe(0o600);
  expect((await passphrase()).length).toBeGreaterThan(20);
  expect((await settings()).encryptionsalt).toMatch(/^v1:/);
  expect((await settings()).config).toMatchObject({ "dnd-tracker:environment": "development" });
  expect(place).toMatchObject({ stack: "local", backendUrl: `file://${folder}/dnd/state` });
});

test("the second time nothing changes", async () => {
  await ensureLocalStack();
  const before = [await passphrase(), await settings()];
  await ensureLocalStack();
  expect([await passphrase(), await settings()]).toEqual(before);
});

test("an empty passphrase that a killed run left is made anew while there is no state", async () => {
  await mkdir(process.env.DND_DIR ?? "");
  await writeFile(localPlaces().passphrase, "");
  await ensureLocalStack();
  expect((await passphrase()).length).toBeGreaterThan(20);
});

test("a lost passphrase of a state that exists is refused with what to do, and nothing is overwritten", async () => {
  await ensureLocalStack();
  await deploy();
  await writeFile(localPlaces().passphrase, "");
  await expect(ensureLocalStack()).rejects.toMatchObject({
    code: "local-passphrase-lost",
    remedy: expect.stringContaining("--purge") as string,
  });
  expect(await passphrase()).toBe("");
});

test.each([
  ["mistyped", "encryptionsalt: v1:abc\nconfig: {dnd", /line 2/],
  ["no list", "- one\n- two\n", /no list of settings/],
  ["cut to nothing", "", /no list of settings/],
])("settings of one's own that are %s are refused and stay as they are", async (_what, text, why) => {
  await ensureLocalStack();
  await deploy();
  await writeFile(localPlaces().settings, text);
  await expect(ensureLocalStack()).rejects.toMatchObject({
    code: "settings-unreadable",
    message: expect.stringMatching(why) as string,
    remedy: expect.stringContaining(`mv ${localPlaces().settings}`) as string,
  });
  expect(await readFile(localPlaces().settings, "utf8")).toBe(text);
});

test("settings that were moved away are made again of the committed ones, with the salt of the state", async () => {
  await ensureLocalStack();
  await deploy();
  const { encryptionsalt } = await settings();
  await rm(localPlaces().settings);
  await ensureLocalStack();
  expect(await settings()).toMatchObject({
    encryptionsalt,
    config: { "dnd-tracker:environment": "development" },
  });
});

test("a note of what was taken over that cannot be read costs nobody a setting", async () => {
  await ensureLocalStack();
  const own = await settings();
  await writeFile(localPlaces().takenOver, "config: {dnd");
  await ensureLocalStack();
  expect(await settings()).toEqual(own);
});

test("settings of one's own stay when the committed ones are taken over again", async () => {
  await ensureLocalStack();
  const own = await settings();
  await writeFile(
    localPlaces().settings,
    JSON.stringify({ ...own, config: { ...own.config, "dnd-tracker:app": { version: "9.9.9" } } }),
  );
  await ensureLocalStack();
  expect((await settings()).config["dnd-tracker:app"]).toEqual({ version: "9.9.9" });
});

test("a state that is no state is refused, naming its backup", async () => {
  await ensureLocalStack();
  await writeFile(localPlaces().checkpoint, '{"version":3,"checkp');
  await expect(ensureLocalStack()).rejects.toMatchObject({
    code: "local-state-unreadable",
    remedy: expect.stringContaining(".bak") as string,
  });
});

test("a folder that others could read is made private again", async () => {
  await ensureLocalStack();
  await chmod(process.env.DND_DIR ?? "", 0o755);
  await ensureLocalStack();
  expect(await modeOf(process.env.DND_DIR ?? "")).toBe(0o700);
});

test("a file where the folder should be is told as such", async () => {
  await writeFile(process.env.DND_DIR ?? "", "");
  await expect(ensureLocalStack()).rejects.toMatchObject({ code: "local-folder-is-file" });
});

test.each([
  ["EACCES", "local-folder-forbidden", "DND_DIR"],
  ["EROFS", "local-folder-forbidden", "DND_DIR"],
  ["ENOSPC", "local-disk-full", "Free some space"],
])("when the disk says %s the operator is told %s and how to mend it", async (code, expected, remedy) => {
  const refused = onDisk("/the/folder", () => Promise.reject(Object.assign(new Error(code), { code })));
  await expect(refused).rejects.toMatchObject({
    code: expected,
    remedy: expect.stringContaining(remedy) as string,
  });
});
