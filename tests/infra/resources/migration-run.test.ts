import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { MongoClient, type Db } from "mongodb";
import { takeBackup } from "../../../infra/engines/backup";
import { unknownValue } from "../../../infra/resources/lifecycle";
import { lifecycle, type MigrationRunInputs } from "../../../infra/resources/migration-run";
import { projectRoot } from "../../../infra/support";

const address = {
  uri: process.env.TEST_MONGODB_URI ?? "",
  name: "migration_run_resource",
  credentials: "none" as const,
};
const context = { signal: new AbortController().signal, progress: () => undefined };

let client: MongoClient;
let db: Db;
let folder: string;

const inputs = (more: Partial<MigrationRunInputs> = {}): MigrationRunInputs => ({
  release: 1,
  phase: "expand",
  address,
  folder: relative(projectRoot, folder),
  archive: null,
  pending: [{ version: "20260101000000", description: "one" }],
  ...more,
});

async function write(name: string, phase: string): Promise<void> {
  const text = `export default { version: "${name.slice(0, 14)}", description: "one", phase: "${phase}",
    async up({ db }) { await db.collection("things").insertOne({ by: "${name}" }); },
    async down({ db }) { await db.collection("things").deleteOne({ by: "${name}" }); } };`;
  await writeFile(join(folder, `${name}.ts`), text);
}

beforeAll(async () => {
  client = await MongoClient.connect(address.uri);
  db = client.db(address.name);
});
beforeEach(async () => {
  await db.dropDatabase();
  await client.db(`${address.name}_ops`).dropDatabase();
  folder = await mkdtemp(join(tmpdir(), "dnd-migration-run-"));
  await write("20260101000000-one", "expand");
  await write("20260102000000-two", "contract");
});
afterEach(() => rm(folder, { recursive: true, force: true }));
afterAll(async () => {
  await db.dropDatabase();
  await client.db(`${address.name}_ops`).dropDatabase();
  await client.close();
});

const things = () => db.collection("things").countDocuments({});

describe("MigrationRun", () => {
  test("runs the planned migrations of its phase and gives back the schema's version", async () => {
    const { outs } = await lifecycle.create(inputs(), context);
    expect(outs).toMatchObject({ schemaVersion: "20260101000000", applied: ["20260101000000"] });
    expect(await things()).toBe(1);
  });

  test("runs nothing that the preview did not show", async () => {
    const { outs } = await lifecycle.create(inputs({ pending: [] }), context);
    expect(outs).toMatchObject({ schemaVersion: null, applied: [] });
    expect(await things()).toBe(0);
  });

  test("changes with the release, never for an unknown one, nor for another archive", async () => {
    const { id, outs } = await lifecycle.create(inputs(), context);
    const changes = async (news: MigrationRunInputs) =>
      (await lifecycle.diff(id, outs, news, context)).changes;
    expect(await changes(inputs({ pending: [] }))).toBe(false);
    expect(await changes(inputs({ release: null, pending: [] }))).toBe(false);
    expect(await changes(inputs({ archive: unknownValue, pending: [] }))).toBe(false);
    expect(await changes(inputs({ release: 2, pending: [] }))).toBe(true);
  });

  test("sees a change of the journal by hand as drift, and another phase's run as none", async () => {
    const { id, outs } = await lifecycle.create(inputs(), context);
    const pending = [{ version: "20260102000000", description: "one" }];
    await lifecycle.create(inputs({ phase: "contract", pending }), context);
    const news = inputs({ pending: [] });
    expect(await lifecycle.diff(id, outs, news, context)).toEqual({ changes: false });
    await db
      .collection("migrations")
      .updateOne({ version: "20260101000000" }, { $set: { state: "reverted" } });
    expect(await lifecycle.diff(id, outs, news, context)).toEqual({ changes: true });
  });

  test("fails the preview when a migration could not run", async () => {
    await lifecycle.create(inputs(), context);
    const pending = [{ version: "20260103000000", description: "three" }];
    await writeFile(join(folder, "20260103000000-three.ts"), "export const nothing = 1;");
    const online = await lifecycle.check?.({}, inputs({ pending }), context);
    expect(online?.failures).toEqual([
      { property: "pending", reason: expect.stringContaining("exports are wrong") },
    ]);
    const offline = await lifecycle.check?.({}, inputs({ pending, release: null }), context);
    expect(offline?.failures).toHaveLength(1);
  });

  test("lets a plan that can run pass, and passes its inputs on as they are", async () => {
    expect(await lifecycle.check?.({}, inputs(), context)).toEqual({ inputs: inputs(), failures: [] });
    const blind = inputs({ release: null, pending: [] });
    expect(await lifecycle.check?.({}, blind, context)).toEqual({ inputs: blind, failures: [] });
  });

  test("brings back out of the release's archive what a failed migration has touched, and nothing else", async () => {
    await db.collection("things").insertMany([{ by: "old" }, { by: "older" }]);
    await db.collection("others").insertOne({ by: "old" });
    const store = await mkdtemp(join(tmpdir(), "dnd-migration-archives-"));
    try {
      const { id: archive } = await takeBackup({ address, store, environment: "development", release: 1 });
      await db.collection("others").insertOne({ by: "later" });
      await writeFile(
        join(folder, "20260101000000-one.ts"),
        `export default { version: "20260101000000", description: "one", irreversible: "no", transaction: false,
          idempotent: true, async up({ db }) {
            await db.collection("things").deleteMany({});
            await db.collection("fresh").insertOne({ by: "one" });
            throw new Error("half-way");
          } };`,
      );
      const rules = { timeoutMs: 10_000, onFailure: "restore" as const, requireDown: false, schema: null };
      const failing = inputs({ archive, store, rules });
      await expect(lifecycle.create({ ...failing, archive: null }, context)).rejects.toThrow(
        /nothing was touched/,
      );
      expect(await things()).toBe(2);
      await expect(lifecycle.create(failing, context)).rejects.toThrow(
        /half-way.*fresh, things came back from this run's archive.*dnd backup undo/s,
      );
      const by = async (name: string) =>
        (await db.collection(name).find({}).toArray()).map((one) => String(one.by));
      expect(await by("things")).toEqual(["old", "older"]);
      expect(await by("others")).toEqual(["old", "later"]);
      expect(await by("fresh")).toEqual([]);
      expect((await db.collection("migrations").findOne({}))?.state).toBe("failed");
    } finally {
      await rm(store, { recursive: true, force: true });
    }
  });

  describe("in a preview", () => {
    const dndDir = process.env.DND_DIR;
    let scratch: string;
    beforeAll(async () => {
      scratch = await mkdtemp(join(tmpdir(), "dnd-rehearsal-"));
      process.env.DND_DIR = scratch;
    });
    afterAll(async () => {
      if (dndDir === undefined) delete process.env.DND_DIR;
      else process.env.DND_DIR = dndDir;
      await rm(scratch, { recursive: true, force: true });
    });

    const versions = ["20260101000000", "20260102000000"];
    const rehearsal = { versions, empty: false, sample: 10, timeoutMs: 60_000 };
    const preview = async (more: Partial<MigrationRunInputs> = {}) => {
      const said: string[] = [];
      const report = async (text: string) => void said.push(text);
      const checked = await lifecycle.check?.({}, inputs({ rehearsal, ...more }), { ...context, report });
      return { said: said.join("\n"), checked };
    };

    test("tries what is pending and reports it, keeps none of that as an input, and changes nothing", async () => {
      const { said, checked } = await preview();
      expect(checked).toEqual({ inputs: inputs(), failures: [] });
      expect(said).toContain("20260102000000 ran");
      expect(said).toContain("things: 0 matched, 0 changed, 1 inserted, 0 deleted");
      expect(await db.listCollections().toArray()).toEqual([]);
      expect(await readdir(scratch)).toEqual([]);
    });

    test("fails with what a migration threw, and with what it would leave", async () => {
      await writeFile(
        join(folder, "20260102000000-two.ts"),
        `export default { version: "20260102000000", description: "one", irreversible: "no", phase: "contract",
          async up() { throw new Error("no dragons here"); } };`,
      );
      const { checked } = await preview({
        address: unknownValue as never,
        rehearsal: { ...rehearsal, empty: true },
      });
      const [failure] = checked?.failures ?? [];
      expect(failure?.reason).toMatch(/20260102000000 failed when it was tried .*no dragons here/s);
      expect(failure?.reason).toContain("nothing of it is in the database");
    });

    test("goes on where the trial cannot be made, and says why", async () => {
      const { said, checked } = await preview({ rehearsal: { ...rehearsal, timeoutMs: 1 } });
      expect(checked?.failures).toEqual([]);
      expect(said).toContain("could not be tried to the end: it took longer than 1ms");
      expect((await preview({ address: unknownValue as never })).said).toContain("were not tried");
    });
  });

  test("reads what it recorded with the schema's version of now", async () => {
    const { id, outs } = await lifecycle.create(inputs(), context);
    const pending = [{ version: "20260102000000", description: "one" }];
    await lifecycle.create(inputs({ phase: "contract", pending }), context);
    const { props } = await lifecycle.read(id, outs, context);
    expect(props).toEqual({ ...outs, schemaVersion: "20260102000000" });
  });

  test("takes back what a rollback's plan says, and tells how long each took", async () => {
    const { id, outs } = await lifecycle.create(inputs(), context);
    expect(outs.durations).toEqual({ "20260101000000": expect.any(Number) });
    const reverting = [{ version: "20260101000000", description: "one" }];
    const news = inputs({ release: 2, pending: [], reverting });
    expect(await lifecycle.diff(id, outs, news, context)).toEqual({ changes: true });
    const back = await lifecycle.update(id, outs, news, context);
    expect(back.outs).toMatchObject({ schemaVersion: null, applied: [] });
    expect(await things()).toBe(0);
    expect(await lifecycle.diff(id, back.outs, inputs({ release: 2, pending: [] }), context)).toEqual({
      changes: false,
    });
  });

  test("leaves the data alone when it is deleted", async () => {
    const { id, outs } = await lifecycle.create(inputs(), context);
    await lifecycle.delete(id, outs, context);
    expect(await things()).toBe(1);
    expect(await db.collection("migrations").countDocuments({})).toBe(1);
  });
});
