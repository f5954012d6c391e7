import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient, type Db } from "mongodb";
import { restoreArchive } from "../../../../../infra/engines/backup";
import { describeWith } from "../../../../harness/tools";
import { hashesOf, seedEverything } from "../everything";
import { archiveWithOplog, dropped, replayed } from "./oplog-archive";

const uri = process.env.TEST_MONGODB_URI ?? "";
const address = { uri, name: "restore_foreign_copy", credentials: "none" } as const;

let client: MongoClient;
let source: Db;
let target: Db;
let folder: string;

beforeAll(async () => {
  client = await MongoClient.connect(uri);
  source = client.db("restore_foreign");
  target = client.db(address.name);
  folder = await mkdtemp(join(tmpdir(), "dnd-foreign-"));
});
beforeEach(() => target.dropDatabase());
afterAll(async () => {
  await source.dropDatabase();
  await target.dropDatabase();
  await client.close();
  await rm(folder, { recursive: true, force: true });
});

describe("writes that were made while an archive was taken", () => {
  test("are replayed, of its collections only and in transactions too", async () => {
    const path = join(folder, "oplog.archive");
    await archiveWithOplog(path);
    expect(await restoreArchive({ path, to: address })).toMatchObject({ collections: ["heroes"] });
    expect(await target.collection("heroes").find().sort({ _id: 1 }).toArray()).toEqual(replayed);
    expect((await target.listCollections().toArray()).map(({ name }) => name)).toEqual(["heroes"]);
  });

  test("that changed a collection itself are refused, and nothing is touched", async () => {
    const path = join(folder, "command.archive");
    await archiveWithOplog(path, dropped);
    await target.collection("mine").insertOne({ kept: true });
    const restored = restoreArchive({ path, to: address, drop: true });
    await expect(restored).rejects.toMatchObject({ code: "restore-oplog-command" });
    expect((await target.listCollections().toArray()).map(({ name }) => name)).toEqual(["mine"]);
  });
});

describeWith("mongodump")("an archive of mongodump's own", () => {
  beforeAll(async () => {
    await seedEverything(source, 300);
    await source.command({ createUser: "restore foreign", pwd: "only a test", roles: ["read"] });
  });
  afterAll(() => source.command({ dropUser: "restore foreign" }));

  function dump(name: string, ...args: string[]): string {
    const path = join(folder, name);
    const { status, stderr } = spawnSync("mongodump", [`--uri=${uri}`, `--archive=${path}`, ...args], {
      encoding: "utf8",
    });
    // Other suites restore on the same server meanwhile, which renames: mongodump takes no oplog over that.
    if (stderr.includes("while renames occur")) return dump(name, ...args);
    if (status !== 0) throw new Error(`mongodump ended with ${String(status)}: ${stderr}`);
    return path;
  }

  test.each([
    ["with gzip", ["--gzip"]],
    ["without", []],
    ["with users and roles", ["--dumpDbUsersAndRoles"]],
  ])("is restored %s", async (name, args) => {
    const path = dump(name, `--db=${source.databaseName}`, ...args);
    await restoreArchive({ path, to: address });
    expect(await hashesOf(target)).toEqual(await hashesOf(source));
  });

  test("of a whole server is restored one database at a time, its oplog with it", async () => {
    const path = dump("whole", "--oplog");
    await client.db("restore_foreign_second").collection("a").insertOne({ a: 1 });
    const both = dump("both", "--oplog");
    await client.db("restore_foreign_second").dropDatabase();
    const unclear = restoreArchive({ path: both, to: address });
    await expect(unclear).rejects.toMatchObject({ code: "restore-namespaces" });
    await restoreArchive({ path, to: address, namespaces: { include: ["restore_foreign.*"] } });
    expect(await hashesOf(target)).toEqual(await hashesOf(source));
  });
});
