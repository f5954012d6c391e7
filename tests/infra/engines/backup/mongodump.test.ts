import { spawnSync } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient, type Db } from "mongodb";
import { takeBackup } from "../../../../infra/engines/backup";
import { ArchiveReader } from "../../../../infra/engines/backup/archive";
import { describeWith } from "../../../harness/tools";
import { hashesOf, seedEverything } from "./everything";

const uri = process.env.TEST_MONGODB_URI ?? "";
describeWith(
  "mongodump",
  "mongorestore",
  "zstd",
)("archives of ours and of mongodump", () => {
  let client: MongoClient;
  let source: Db;
  let folder: string;

  beforeAll(async () => {
    client = await MongoClient.connect(uri);
    source = client.db("backup_mongodump");
    folder = await mkdtemp(join(tmpdir(), "dnd-mongodump-"));
    await seedEverything(source, 1000);
  });
  afterAll(async () => {
    await source.dropDatabase();
    await client.db("backup_mongodump_copy").dropDatabase();
    await client.close();
    await rm(folder, { recursive: true, force: true });
  });

  function run(tool: string, ...args: string[]): void {
    const { status, stderr } = spawnSync(tool, [`--uri=${uri}`, ...args], {
      encoding: "utf8",
      timeout: 60_000,
    });
    if (status !== 0) throw new Error(`${tool} ended with ${String(status)}: ${stderr}`);
  }

  test.each([
    ["none", "archive", `mongorestore --archive="$ARCHIVE"`],
    ["default", "archive.gz", `mongorestore --gzip --archive="$ARCHIVE"`],
    ["fast", "archive.zst", `zstd -dc "$ARCHIVE" | mongorestore --archive`],
  ] as const)("mongorestore puts our archives of the preset %s back", async (preset, ending, command) => {
    const address = { uri, name: source.databaseName, credentials: "none" as const };
    const wanted = { address, store: folder, environment: "development", release: 1, preset };
    const { id } = await takeBackup(wanted);
    const ARCHIVE = join(folder, source.databaseName, `${id}.${ending}`);
    const options = `--uri="$SERVER" --nsFrom='backup_mongodump.*' --nsTo='backup_mongodump_copy.*'`;
    const env = { ...process.env, ARCHIVE, SERVER: uri };
    await client.db("backup_mongodump_copy").dropDatabase();
    const { status, stderr } = spawnSync("sh", ["-c", `${command} ${options}`], {
      env,
      encoding: "utf8",
      timeout: 60_000,
    });
    if (status !== 0) throw new Error(`mongorestore ended with ${String(status)}: ${stderr}`);
    expect(await hashesOf(client.db("backup_mongodump_copy"))).toEqual(await hashesOf(source));
  });

  test("mongorestore makes the users that our archive has", async () => {
    const db = client.db("backup_users");
    await db.collection("heroes").insertOne({ name: "Ada" });
    await db.command({ createUser: "ada", pwd: "dragon", roles: ["read"] });
    const address = { uri, name: "backup_users", credentials: "none" as const };
    const wanted = { address, store: folder, environment: "development", release: 1 };
    const { id } = await takeBackup({ ...wanted, usersAndRoles: true });
    await db.command({ dropAllUsersFromDatabase: 1 });
    const archive = join(folder, "backup_users", `${id}.archive.gz`);
    const options = ["--db=backup_users", "--drop", "--restoreDbUsersAndRoles"];
    run("mongorestore", "--gzip", `--archive=${archive}`, ...options);
    const { users } = await db.command({ usersInfo: 1 });
    await db.command({ dropAllUsersFromDatabase: 1 });
    await db.dropDatabase();
    expect(users).toMatchObject([{ user: "ada", roles: [{ role: "read" }] }]);
  });

  test("our reader finds mongodump's archives whole", async () => {
    const archive = join(folder, "theirs.gz");
    run("mongodump", `--db=${source.databaseName}`, "--gzip", `--archive=${archive}`);
    const counts = new Map<string, number>();
    for await (const piece of new ArchiveReader(createReadStream(archive)).pieces())
      if (piece.kind === "end") counts.set(piece.collection, piece.documents);
    expect(counts.get("characters")).toBe(1000);
    expect(counts.get("empty")).toBe(0);
  });
});
