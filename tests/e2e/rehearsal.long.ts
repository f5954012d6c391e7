import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { MongoClient } from "mongodb";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { LocalStack } from "../harness/local-stack";
import { projectRoot } from "../../infra/support";

let stack: LocalStack;
let folder: string;
let client: MongoClient;
let database: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-rehearsed-"));
  await cp(join(projectRoot, "migrations"), folder, { recursive: true });
  stack = await LocalStack.open({
    app: { machines: 1 },
    migrations: { folder: relative(projectRoot, folder) },
  });
  expect((await stack.dnd("up", "--yes")).code).toBe(0);
  const { databaseUri, databaseName } = await stack.outputs();
  client = await MongoClient.connect(String(databaseUri));
  database = String(databaseName);
  const heroes = Array.from({ length: 200 }, (_, n) => ({
    ...{ name: `hero ${n}`, class: "bard", level: 1, armorClass: 10 },
    ...{ createdAt: new Date(), updatedAt: new Date() },
    secretToken: `canary-${n}`,
    hitPoints: { current: 1, max: 9 },
  }));
  await client.db(database).collection("characters").insertMany(heroes);
}, 240_000);
afterAll(async () => {
  await client?.close();
  await stack.close();
  await rm(folder, { recursive: true, force: true });
}, 240_000);

const digest = async () => (await client.db(database).command({ dbHash: 1 })).md5 as unknown;
const write = (version: string, text: string) =>
  writeFile(
    join(folder, `${version}-tried.ts`),
    `export default { version: "${version}", description: "tried", irreversible: "a test", ${text} };`,
  );

describe("a preview of a local stack", () => {
  test("with nothing pending tries nothing", async () => {
    const preview = await stack.dnd("preview", "--expect-no-changes");
    expect(preview).toMatchObject({ code: 0 });
    expect(preview.stdout + preview.stderr).not.toContain("tried");
  }, 120_000);

  test("shows what pending migrations of both phases would change, no secret, and changes nothing", async () => {
    await write(
      "20300101000000",
      `async up({ db }) { await db.collection("characters").updateMany({ _id: { $exists: true } }, { $set: { brave: true, secretToken: "canary" } }, { hint: { _id: 1 } }); },`,
    );
    await write(
      "20300102000000",
      `phase: "contract", transaction: false, async up({ helpers }) { await helpers.ensureIndex("characters", { brave: 1 }); },`,
    );
    const before = await digest();
    const preview = await stack.dnd("preview");
    const said = preview.stdout + preview.stderr;
    expect(preview).toMatchObject({ code: 0 });
    expect(said).toContain("tried on a sample (200 of 200 characters)");
    expect(said).toContain("characters: 200 matched, 200 changed, 0 inserted, 0 deleted");
    expect(said).toContain('"brave":true');
    expect(said).toContain('createIndex characters {"brave":1}');
    expect(said).not.toContain("canary");
    expect(await digest()).toEqual(before);
  }, 120_000);

  test("says nothing of it where the settings switch it off", async () => {
    await stack.configure({
      migrations: { folder: relative(projectRoot, folder), rehearsal: { enabled: false } },
    });
    const preview = await stack.dnd("preview");
    expect(preview).toMatchObject({ code: 0 });
    expect(preview.stdout + preview.stderr).not.toContain("tried");
    await stack.configure({
      migrations: { folder: relative(projectRoot, folder), rehearsal: { enabled: true } },
    });
  }, 120_000);

  test("fails where a pending migration would, before anything is touched", async () => {
    await write("20300101120000", `async up() { throw new Error("a beholder"); },`);
    const before = await digest();
    const preview = await stack.dnd("preview");
    const said = preview.stdout + preview.stderr;
    expect(preview.code).toBe(1);
    expect(said).toContain("20300101120000 failed when it was tried");
    expect(said).toContain("a beholder");
    expect(await digest()).toEqual(before);
  }, 120_000);
});
