import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { dnd } from "./dnd";

const uri = process.env.TEST_MONGODB_URI ?? "";
const name = "ops_migrate";

let client: MongoClient;
let folder: string;

const text = (version: string) => `export default { version: "${version}", description: "thing ${version}",
  async up({ db }) { await db.collection("things").insertOne({ _id: "${version}" }); },
  async down({ db }) { await db.collection("things").deleteOne({ _id: "${version}" }); } };`;

beforeAll(async () => {
  client = await MongoClient.connect(uri);
});
beforeEach(async () => {
  await client.db(name).dropDatabase();
  await client.db(`${name}_ops`).dropDatabase();
  folder = await mkdtemp(join(tmpdir(), "dnd-migrate-"));
  for (const version of ["20260101000000", "20260102000000"]) {
    await writeFile(join(folder, `${version}-thing.ts`), text(version));
  }
});
afterEach(() => rm(folder, { recursive: true, force: true }));
afterAll(async () => {
  await client.db(name).dropDatabase();
  await client.db(`${name}_ops`).dropDatabase();
  await client.close();
});

const migrate = (action: string, ...more: string[]) =>
  dnd(["migrate", action, "--uri", uri, "--db", name, "--folder", folder, ...more], {
    DND_DIR: join(folder, ".dnd"),
  });

describe("dnd migrate", () => {
  test("runs what is pending, shows it in a table and as JSON, and takes it back when that is confirmed", async () => {
    const up = await migrate("up");
    expect(up).toMatchObject({ code: 0 });
    expect(up.stdout).toContain("applied 20260102000000");
    expect(up.stdout).toContain("schema 20260102000000");
    const table = (await migrate("status")).stdout.split("\n");
    expect(table[0]).toMatch(/^VERSION +STATE +PHASE/);
    expect(table[1]).toMatch(/^20260101000000 +applied +expand .*thing 20260101000000$/);
    const refused = await migrate("down");
    expect(refused).toMatchObject({ code: 3 });
    expect(refused.stderr).toContain("add --yes");
    const down = await migrate("down", "--steps", "1", "--yes", "--json");
    expect(JSON.parse(down.stdout)).toMatchObject({ applied: ["20260101000000"] });
    const to = await migrate("to", "none", "--yes", "--json");
    expect(JSON.parse(to.stdout)).toMatchObject({ applied: [], schemaVersion: null });
  });

  test("plans, and refuses with code 3 what must be mended first", async () => {
    expect((await migrate("plan")).stdout).toContain("thing 20260101000000");
    await migrate("up");
    await writeFile(join(folder, "20260101000000-thing.ts"), `${text("20260101000000")}\n// later`);
    const plan = await migrate("plan");
    expect(plan).toMatchObject({ code: 3 });
    expect(plan.stdout).toContain("was changed after it was applied");
    expect(await migrate("up")).toMatchObject({ code: 3 });
    const repaired = await migrate("repair", "--reason", "a comment", "--yes");
    expect(repaired.stdout).toContain("accepted 20260101000000-thing.ts");
    expect(await migrate("up")).toMatchObject({ code: 0 });
  });

  test("validates without a database, with code 1 for what is wrong or risky", async () => {
    expect(await dnd(["migrate", "validate", "--folder", folder])).toMatchObject({ code: 0 });
    await writeFile(
      join(folder, "20260103000000-risky.ts"),
      `export default { version: "20260103000000", description: "risky", irreversible: "no",
        up: ({ db }) => db.collection("things").deleteMany({}) };`,
    );
    const { code, stdout } = await dnd(["migrate", "validate", "--folder", folder]);
    expect(code).toBe(1);
    expect(stdout).toContain("20260103000000-risky.ts: unbounded-write");
  });

  test("makes a new migration that is pending, later than every other, and compiles", async () => {
    const { stdout } = await migrate("new", "Gather Hit Points!", "--json");
    const { version, file } = JSON.parse(stdout) as { version: string; file: string };
    expect(file).toMatch(/\d{14}-gather-hit-points\.ts$/);
    expect(await readFile(file, "utf8")).toContain('description: "Gather Hit Points!"');
    const status = JSON.parse((await migrate("status", "--json")).stdout) as {
      rows: { version: string; state: string }[];
    };
    expect(status.rows.at(-1)).toMatchObject({ version, state: "pending" });
    expect(await migrate("up")).toMatchObject({ code: 0 });
  });

  test("tries them on a database of its own and changes nothing", async () => {
    const trial = await migrate("up", "--dry-run", "--json");
    expect(trial).toMatchObject({ code: 0 });
    const { migrations } = JSON.parse(trial.stdout) as { migrations: { collections: object[] }[] };
    expect(migrations[1]?.collections).toMatchObject([{ collection: "things", inserted: 1 }]);
    expect(await client.db(name).listCollections().toArray()).toEqual([]);
    expect(await readdir(join(folder, ".dnd"))).toEqual([]);
  });

  test("brings back out of this run's archive what a failed one has touched, and takes none in vain", async () => {
    const failing = "20260103000000";
    await writeFile(
      join(folder, `${failing}-half.ts`),
      `export default { version: "${failing}", description: "half", irreversible: "no", transaction: false, idempotent: true,
        async up({ db }) { await db.collection("things").deleteMany({}); throw new Error("half-way"); } };`,
    );
    await client.db(name).collection("things").insertOne({ kept: true });
    const restoring = ["--on-failure", "restore"];
    const refused = await migrate("up", ...restoring);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toContain("wants --store");
    expect(await client.db(name).listCollections({ name: "migrations" }).toArray()).toEqual([]);
    const store = join(folder, ".archives");
    const failed = await migrate("up", ...restoring, "--store", store);
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.stderr).toContain("things came back from this run's archive");
    expect(failed.stderr).toContain("20260101000000, 20260102000000 are pending again");
    expect(await client.db(name).collection("things").find({}).toArray()).toMatchObject([{ kept: true }]);
    await rm(join(folder, `${failing}-half.ts`));
    await migrate("up");
    const before = await readdir(store);
    expect((await migrate("up", ...restoring, "--store", store)).stdout).toContain("nothing to do");
    expect(await readdir(store)).toEqual(before);
  });

  test("takes over a changelog, and shows who holds the lock", async () => {
    await client
      .db(name)
      .collection("changelog")
      .insertOne({ fileName: "20260101000000-thing.js", appliedAt: new Date() });
    expect((await migrate("adopt", "--dry-run")).stdout).toContain("would take over 20260101000000");
    expect((await migrate("adopt", "--yes")).stdout).toContain("1 from migrate-mongo");
    expect((await migrate("unlock")).stdout).toContain("nobody holds the lock");
  });

  test.each([
    [["up", "--steps", "2"], "--steps means nothing to up"],
    [["to"], "wants a version"],
    [["up", "--on-live"], "belongs to --dry-run"],
    [["down", "--steps", "none"], "a number"],
    [["sideways"], "Allowed choices are"],
  ])("takes %j for wrong usage", async (words, said) => {
    const [action = "", ...more] = words;
    const { code, stderr } = await migrate(action, ...more);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
  });
});
