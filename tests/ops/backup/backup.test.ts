import { spawn, spawnSync } from "node:child_process";
import { copyFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient, type Db } from "mongodb";
import { projectRoot } from "../../../infra/support";
import { dnd, type DndRun } from "../dnd";

const name = "backup_command";
const uri = process.env.TEST_MONGODB_URI ?? "";

let client: MongoClient;
let db: Db;
let folder: string;
let id: string;

beforeAll(async () => {
  client = await MongoClient.connect(uri);
  db = client.db(name);
  await db.dropDatabase();
  await db.collection("heroes").insertMany([{ name: "Ada" }, { name: "Bo" }]);
  folder = await mkdtemp(join(tmpdir(), "dnd-backup-command-"));
  const created = await backup("create", "--environment", "staging", "--preset", "fast", "--json");
  id = (JSON.parse(created.stdout) as { id: string }).id;
});
afterAll(async () => {
  for (const one of [name, `${name}_ops`, `${name}_copy`, `${name}_script`])
    await client.db(one).dropDatabase();
  await client.close();
  await rm(folder, { recursive: true, force: true });
});

const environment = () => ({ DND_DIR: join(folder, "home"), MONGODB_URI: uri, MONGODB_DB_NAME: name });
const backup = (...args: string[]): Promise<DndRun> =>
  dnd(["backup", ...args, "--db", name, "--store", join(folder, "store")], environment());

/** Runs a script of the guides with its variables. */
function script(file: string, variables: NodeJS.ProcessEnv): Promise<{ code: number | null; said: string }> {
  const child = spawn(join(projectRoot, "scripts", file), {
    env: { ...process.env, ...environment(), ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stdout.on("data", (chunk) => (said += String(chunk)));
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, said })));
}

const names = async (database: string) =>
  (await client.db(database).collection("heroes").find().sort({ name: 1 }).toArray()).map((one) => one.name);

/** The file of the archive, away from its store and its manifest, as somebody else's would come. */
async function foreignFile(): Promise<string> {
  const stored = join(folder, "store", name);
  const file = (await readdir(stored)).find((one) => one.startsWith(id) && one.includes(".archive")) ?? "";
  await copyFile(join(stored, file), join(folder, "foreign.archive"));
  return join(folder, "foreign.archive");
}

describe("dnd backup", () => {
  test("restore takes a file of anybody's and what comes in by standard input, under other names", async () => {
    const file = await foreignFile();
    const toCopy = ["--to-db", `${name}_copy`, "--drop", "--yes"];
    expect(await backup("restore", file, ...toCopy)).toMatchObject({ code: 0 });
    expect(await names(`${name}_copy`)).toEqual(["Ada", "Bo"]);
    const command = [process.execPath, join(projectRoot, "ops", "dnd.cjs"), "backup", "restore", "-"];
    const renamed = ["--ns-from", `${name}.heroes`, "--ns-to", `${name}_copy.legends`, ...toCopy];
    const named = ["--db", name, "--store", join(folder, "store")];
    const piped = spawnSync(command[0] ?? "", [...command.slice(1), ...renamed, ...named], {
      input: await readFile(file),
      env: { ...process.env, ...environment() },
      encoding: "utf8",
    });
    expect({ status: piped.status, said: piped.status === 0 ? "" : piped.stderr }).toEqual({
      status: 0,
      said: "",
    });
    expect(await client.db(`${name}_copy`).collection("legends").countDocuments()).toBe(2);
    await client.db(`${name}_copy`).dropDatabase();
  });

  test("list and show tell of an archive what there is to know", async () => {
    const [listed, shown] = await Promise.all([backup("list", "--json"), backup("show", "latest")]);
    expect(listed.code).toBe(0);
    expect(JSON.parse(listed.stdout)).toMatchObject({
      archives: [{ id, latest: true, environment: "staging", documents: 2, verifications: [] }],
      catalog: null,
    });
    expect(shown.stdout).toContain(`${id} (latest)`);
    expect(shown.stdout).toMatch(/heroes +collection +2 /);
    expect(shown.stdout).toMatch(/^snapshot +none$/m);
  });

  test("show names the snapshot that the provider began beside an archive", async () => {
    const store = join(folder, "with-snapshot");
    await cp(join(folder, "store"), store, { recursive: true });
    const file = join(store, name, `${id}.json`);
    const manifest = JSON.parse(await readFile(file, "utf8")) as object;
    await writeFile(file, JSON.stringify({ ...manifest, atlasSnapshot: "5f35185dc60016231597711d" }));
    const shown = await dnd(["backup", "show", id, "--db", name, "--store", store], environment());
    expect(shown.stdout).toMatch(/^snapshot +5f35185dc60016231597711d, kept by Atlas$/m);
  });

  test("verify --restore-test proves it on the server that was named, and list shows that", async () => {
    const verified = await backup("verify", id, "--restore-test", "--server", uri, "--json");
    expect(JSON.parse(verified.stdout)).toMatchObject({
      archive: { id },
      verification: { kind: "restore", ok: true },
    });
    expect((await backup("list")).stdout).toMatch(new RegExp(`${id} .* restored `));
  });

  test("restore puts it elsewhere by its path, and refuses to lose what stands there unless told to", async () => {
    const path = join(folder, "store", "backup-staging-latest.zst");
    expect(await backup("restore", path, "--to-db", `${name}_copy`)).toMatchObject({ code: 0 });
    expect(await names(`${name}_copy`)).toEqual(["Ada", "Bo"]);
    await client.db(`${name}_copy`).collection("heroes").deleteOne({ name: "Ada" });

    const refused = await backup("restore", id, "--to-db", `${name}_copy`, "--drop");
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain(`Everything in ${name}_copy would be lost: heroes`);
    expect(await names(`${name}_copy`)).toEqual(["Bo"]);
    expect((await backup("restore", id, "--to-db", `${name}_copy`)).code).toBe(3);
    expect((await backup("restore", id, "--to-db", `${name}_copy`, "--force")).code).toBe(0);
    expect(await names(`${name}_copy`)).toEqual(["Ada", "Bo"]);
  });

  test("hold wants a reason, and shows until it is released", async () => {
    expect((await backup("hold", id)).code).toBe(2);
    expect((await backup("hold", id, "--reason", "the audit of May")).code).toBe(0);
    expect((await backup("list")).stdout).toContain("held: the audit of May");
    expect((await backup("release-hold", "latest")).stdout).toContain("it was: the audit of May");
  });

  test("create encrypts for those who were named, and undo puts back what a restore replaced", async () => {
    const { generateIdentity, identityToRecipient } = await import("age-encryption");
    const identity = await generateIdentity();
    const store = join(folder, "encrypted");
    const place = ["--db", name, "--store", store];
    const created = await dnd(
      ["backup", "create", ...place, "--recipient", await identityToRecipient(identity)],
      environment(),
    );
    expect(created).toMatchObject({ code: 0, stdout: expect.stringMatching(/archive\.gz\.age$/m) });
    const target = [...place, "--to-db", `${name}_copy`];
    await client.db(`${name}_copy`).dropDatabase();
    await client.db(`${name}_copy`).collection("heroes").insertOne({ name: "Cy" });
    const restore = ["backup", "restore", "latest", ...target, "--force"];
    expect((await dnd(restore, environment())).code).not.toBe(0);
    expect(await names(`${name}_copy`)).toEqual(["Cy"]);
    const withKey = { ...environment(), DND_BACKUP_IDENTITY: identity };
    expect(await dnd(restore, withKey)).toMatchObject({ code: 0 });
    expect(await names(`${name}_copy`)).toEqual(["Ada", "Bo"]);
    expect(await dnd(["backup", "undo", ...target, "--yes"], environment())).toMatchObject({ code: 0 });
    expect(await names(`${name}_copy`)).toEqual(["Cy"]);
  });

  test("with a passphrase alone an archive is made, verified and restored; without it, it is not", async () => {
    const place = ["--db", name, "--store", join(folder, "locked"), "--to-db", `${name}_copy`];
    const at = place.slice(0, 4);
    const file = join(folder, "passphrase");
    await writeFile(file, "speak friend and enter\n");
    const known = { ...environment(), DND_BACKUP_PASSPHRASE_FILE: file };
    const create = ["backup", "create", ...at, "--passphrase", "--users-and-roles"];
    expect((await dnd(create, environment())).code).toBe(2);
    expect(await dnd(create, known)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/archive\.gz\.age$/m),
    });
    const [verified, blind, guessed] = await Promise.all([
      dnd(["backup", "verify", "latest", ...at], known),
      dnd(["backup", "verify", "latest", ...at], environment()),
      dnd(["backup", "verify", "latest", ...at], { ...environment(), DND_BACKUP_PASSPHRASE: "mellon" }),
    ]);
    expect([verified.code, blind.code === 0, guessed.code === 0]).toEqual([0, false, false]);
    expect(blind.stderr).toContain("encrypted with a passphrase");
    const restored = await dnd(["backup", "restore", "latest", ...place, "--force"], known);
    expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining("0 users and 0 roles") });
    expect(await names(`${name}_copy`)).toEqual(["Ada", "Bo"]);
    const listed = await dnd(["backup", "list", "--db", `${name}_copy`, "--store", folder], environment());
    expect(listed.stdout).toContain("the old collections wait for a confirmation or an undo");
  });

  test("prune says of each archive why it stays, and rekey that there is nothing to give", async () => {
    const [pruned, rekeyed] = await Promise.all([
      backup("prune", "--dry-run", "--json"),
      backup("rekey", id, "--recipient", "age1someone", "--yes"),
    ]);
    expect(JSON.parse(pruned.stdout)).toMatchObject({
      archives: [{ id, outcome: "kept", reasons: expect.arrayContaining(["it is the last good one"]) }],
    });
    expect(rekeyed).toMatchObject({ code: 3, stderr: expect.stringContaining("is not encrypted") });
  });

  test("what is no action, no archive or no option of the action is wrong usage; an unknown archive is a failure", async () => {
    const runs = await Promise.all([
      backup("crate"),
      backup("show"),
      backup("list", "--drop"),
      backup("show", "/nowhere/at/all.archive.gz"),
      backup("verify", "20260101T000000Z-r1-aaaa"),
    ]);
    expect(runs.map(({ code }) => code)).toEqual([2, 2, 2, 1, 1]);
    expect(runs[4]?.stderr).toContain("there is no archive 20260101T000000Z-r1-aaaa");
  });
});

describe("the guides' scripts", () => {
  test("back up into BACKUP_DIR and restore BACKUP_PATH into TARGET_DB, also as a dry run", async () => {
    const BACKUP_DIR = join(folder, "guides");
    const taken = await script("backup-database.sh", { BACKUP_DIR, DEPLOY_ENV: "staging" });
    expect(taken).toMatchObject({ code: 0 });
    expect((await readdir(BACKUP_DIR)).sort()).toEqual(["backup-staging-latest.gz", name]);

    const BACKUP_PATH = join(BACKUP_DIR, "backup-staging-latest.gz");
    const TARGET_DB = `${name}_script`;
    const restore = (more: NodeJS.ProcessEnv) =>
      script("restore-database.sh", { BACKUP_PATH, TARGET_DB, DEPLOY_ENV: "staging", ...more });
    const looked = await restore({ RESTORE_DRY_RUN: "true" });
    expect(looked.said).toContain(`would restore 2 documents into ${TARGET_DB}`);
    expect(await names(TARGET_DB)).toEqual([]);
    expect(await restore({ FORCE_RESTORE: "true" })).toMatchObject({ code: 0 });
    expect(await names(TARGET_DB)).toEqual(["Ada", "Bo"]);
  });
});
