import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { lifecycle, type BackupInputs, type BackupOutputs } from "../../../infra/resources/backup";
import { AtlasStandIn } from "../../stand-ins/atlas";
import { unknownValue } from "../../../infra/resources/lifecycle";

const name = "backup_resource";
const address = { uri: process.env.TEST_MONGODB_URI ?? "", name, credentials: "none" as const };
const lines: string[] = [];
const context = {
  signal: new AbortController().signal,
  progress: (line: string) => void lines.push(line),
};

let client: MongoClient;
let store: string;

beforeAll(async () => {
  client = await MongoClient.connect(address.uri);
  await client.db(name).collection("heroes").insertOne({ name: "Ada" });
});
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), "dnd-backup-resource-"));
  lines.length = 0;
});
afterEach(() => rm(store, { recursive: true, force: true }));
afterAll(async () => {
  await client.db(name).dropDatabase();
  await client.db(`${name}_ops`).dropDatabase();
  await client.close();
});

const inputs = (more: Partial<BackupInputs> = {}): BackupInputs => ({
  release: 1,
  wanted: true,
  address,
  environment: "development",
  store,
  expected: { collections: 1, documents: 1, bytes: 30, durationMs: null },
  ...more,
});

const create = async (more: Partial<BackupInputs> = {}): Promise<BackupOutputs> =>
  (await lifecycle.create(inputs(more), context)).outs;

/** The objects of archives, without the one that names the latest. */
const objects = async () => (await readdir(join(store, name))).filter((one) => one !== "latest.json");

const changes = async (olds: BackupOutputs, more: Partial<BackupInputs>) =>
  (await lifecycle.diff("backup", olds, inputs(more), context)).changes;

/** As somebody would who cleans up by hand. */
const removeArchives = () => rm(join(store, name), { recursive: true });

describe("Backup", () => {
  test("takes an archive for the release, and tells of it", async () => {
    const outs = await create({ release: 7 });
    expect(outs).toMatchObject({ release: 7, archive: { release: 7, verified: true, documents: 1 } });
    expect(await readdir(join(store, name))).toContain(`${outs.archive?.id}.archive.gz`);
    expect(lines[0]).toMatch(/^archiving heroes/);
    expect(lines.at(-1)).toMatch(/^verifying \d{8}T/);
  });

  test("stands for the newest good archive where none is wanted, or for none at all", async () => {
    expect((await create({ wanted: false })).archive).toBeNull();
    const { archive } = await create();
    await writeFile(join(store, name, "20991231T000000Z-r9-aaaa.archive.gz"), "without a manifest");
    expect((await create({ wanted: false, release: 2 })).archive).toEqual(archive);
    expect((await create({ wanted: false, environment: "production" })).archive).toBeNull();
  });

  test("takes a new one for a new release that wants it, keeps the old, and does nothing a second time", async () => {
    const olds = await create();
    expect(await changes(olds, {})).toBe(false);
    expect(await changes(olds, { release: 2, wanted: false })).toBe(false);
    expect(await changes(olds, { release: 2 })).toBe(true);
    const { outs } = await lifecycle.update("backup", olds, inputs({ release: 2 }), context);
    expect(outs.archive?.id).not.toBe(olds.archive?.id);
    expect(await objects()).toHaveLength(4);
    expect(await changes(outs, { release: 2 })).toBe(false);
  });

  test("is not changed by what only travels along, nor by a release that nobody knows yet", async () => {
    const olds = await create();
    expect(await changes(olds, { wanted: false, expected: null })).toBe(false);
    expect(await changes(olds, { release: null, wanted: false })).toBe(false);
    expect(await changes(olds, { release: unknownValue as unknown as number })).toBe(false);
  });

  test("sees that its archive is gone, and stands for what is left", async () => {
    const olds = await create();
    await removeArchives();
    expect(await changes(olds, { wanted: false })).toBe(true);
    const { outs } = await lifecycle.update("backup", olds, inputs({ wanted: false }), context);
    expect(outs.archive).toBeNull();
    expect(await changes(outs, { wanted: false })).toBe(false);
    expect(await lifecycle.read("backup", olds, context)).toMatchObject({
      id: "backup",
      props: { release: 1, archive: null },
    });
  });

  test("reads what is there, and leaves it there when it is deleted", async () => {
    const olds = await create();
    expect(await lifecycle.read("backup", olds, context)).toEqual({ id: "backup", props: olds });
    await lifecycle.delete("backup", olds, context);
    expect(await objects()).toHaveLength(2);
  });

  test("is remembered in the operations' own database, and found wanting once a look at it failed", async () => {
    const olds = await create();
    const id = olds.archive?.id ?? "";
    const catalog = client.db(`${name}_ops`).collection<{ _id: string }>("archives");
    expect(await catalog.findOne({ _id: id })).toMatchObject({ sha256: olds.archive?.sha256 });
    const failed = { kind: "checksum", at: new Date().toISOString(), by: "x", ok: false, problem: "y" };
    const verifications = [{ ...failed, durationMs: 1 }];
    const note = JSON.stringify({ documentVersion: 1, verifications });
    await writeFile(join(store, name, `${id}.verified.json`), note);
    expect(await lifecycle.read("backup", olds, context)).toMatchObject({ props: { archive: null } });
    expect(await changes(olds, {})).toBe(true);
  });

  test("copies archives into further stores, tells of one that takes none, and makes up for it the next time", async () => {
    const warned: string[] = [];
    const loud = { ...context, warn: (line: string) => void warned.push(line) };
    const [good, bad] = [join(store, "good"), join(store, "bad")];
    await writeFile(bad, "a file where a folder should be");
    const copies = [good, bad];
    const { outs } = await lifecycle.create(inputs({ copies }), loud);
    const id = outs.archive?.id ?? "";
    expect(await readdir(join(good, name))).toContain(`${id}.json`);
    expect(warned).toEqual([expect.stringContaining(`NO COPY in ${bad} of ${id}`)]);
    const catalog = client.db(`${name}_ops`).collection<{ _id: string }>("archives");
    expect(await catalog.findOne({ _id: id })).toMatchObject({
      copies: [
        { store: good, outcome: "copied", problem: null },
        { store: bad, outcome: "failed", problem: expect.any(String) },
      ],
    });
    await rm(bad);
    const { outs: next } = await lifecycle.update("backup", outs, inputs({ release: 2, copies }), loud);
    expect(await readdir(join(bad, name))).toEqual(
      expect.arrayContaining([`${id}.json`, `${next.archive?.id}.json`]),
    );
    expect(warned).toHaveLength(1);
    expect(await changes(next, { release: 2, copies: [] })).toBe(false);
  });

  describe("with a cluster at Atlas", () => {
    const snapshot = { project: "dnd-tracker", cluster: "dnd-tracker" };
    let environment: jest.ReplaceProperty<NodeJS.ProcessEnv>;
    let atlas: AtlasStandIn;
    let warned: string[];

    beforeEach(async () => {
      atlas = await AtlasStandIn.open();
      warned = [];
      environment = jest.replaceProperty(process, "env", { ...process.env, ...atlas.environment() });
    });
    afterEach(async () => {
      environment.restore();
      await atlas.close();
    });

    const createBeside = async (more: Partial<BackupInputs> = {}) => {
      const loud = { ...context, warn: (line: string) => void warned.push(line) };
      const { outs } = await lifecycle.create(inputs({ release: 3, snapshot, ...more }), loud);
      const manifest = await readFile(join(store, name, `${outs.archive?.id}.json`), "utf8");
      return { outs, manifest: JSON.parse(manifest) as { atlasSnapshot: string | null } };
    };

    test("begins a snapshot there, does not wait for it, and writes down its id", async () => {
      const { manifest } = await createBeside();
      expect(atlas.snapshots).toMatchObject([
        {
          id: manifest.atlasSnapshot,
          status: "queued",
          description: "dnd-tracker development, before release 3",
        },
      ]);
      expect(warned).toEqual([]);
    });

    test("warns of a snapshot that cannot be begun, and takes the archive all the same", async () => {
      atlas.fail({ method: "POST", status: 403, errorCode: "USER_UNAUTHORIZED" });
      const { outs, manifest } = await createBeside();
      expect(outs.archive).toMatchObject({ release: 3, verified: true });
      expect(manifest.atlasSnapshot).toBeNull();
      expect(warned).toEqual([expect.stringContaining("role Project Backup Manager")]);
    });

    test("keeps no credentials, and sees no change where only the cluster is named or is not any more", async () => {
      const { outs } = await createBeside();
      expect(JSON.stringify(outs)).not.toContain("canary");
      expect(await changes(outs, { release: 3 })).toBe(false);
      const olds = await create({ release: 4 });
      expect(await changes(olds, { release: 4, snapshot })).toBe(false);
    });
  });

  test("waits, where that is wanted, until its archive was restored and compared", async () => {
    const before = process.env.DND_DIR;
    process.env.DND_DIR = join(store, "home");
    try {
      const { archive } = await create({ restoreTest: true, preset: "fast" });
      expect(await readdir(join(store, name))).toContain(`${archive?.id}.archive.zst`);
      const note = await readFile(join(store, name, `${archive?.id}.verified.json`), "utf8");
      expect(JSON.parse(note)).toMatchObject({ verifications: [{ kind: "restore", ok: true }] });
    } finally {
      if (before === undefined) delete process.env.DND_DIR;
      else process.env.DND_DIR = before;
    }
  });

  test("refuses in the preview a place that cannot hold archives, and makes nothing there", async () => {
    const reasonFor = async (place: string) =>
      (await lifecycle.check?.({}, inputs({ store: place }), context))?.failures?.[0];
    expect(await reasonFor(join(store, "new", "folder"))).toBeUndefined();
    expect(await reasonFor(unknownValue)).toBeUndefined();
    await writeFile(join(store, "file"), "");
    expect(await reasonFor(join(store, "file"))).toEqual({
      property: "store",
      reason: expect.stringContaining("is not a folder"),
    });
    expect(await reasonFor("ftp://host/place")).toMatchObject({ property: "store" });
    expect(await readdir(store)).toEqual(["file"]);
  });
});
