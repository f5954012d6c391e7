import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { startS3Server, type S3Server } from "../../harness/s3-server";
import { describeWith } from "../../harness/tools";
import { dnd, type DndRun } from "../dnd";

const name = "backup_s3_command";
const uri = process.env.TEST_MONGODB_URI ?? "";

describeWith("versitygw")("dnd backup with an s3:// store", () => {
  let server: S3Server;
  let client: MongoClient;
  let folder: string;
  beforeAll(async () => {
    [server, client, folder] = await Promise.all([
      startS3Server(),
      MongoClient.connect(uri),
      mkdtemp(join(tmpdir(), "dnd-backup-s3-")),
    ]);
    await client.db(name).dropDatabase();
    await client
      .db(name)
      .collection("heroes")
      .insertMany([{ name: "Ada" }, { name: "Bo" }]);
  }, 30_000);
  afterAll(async () => {
    for (const one of [name, `${name}_copy`]) await client.db(one).dropDatabase();
    await client.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const backup = (...args: string[]): Promise<DndRun> =>
    dnd(["backup", ...args, "--json"], {
      DND_DIR: join(folder, "home"),
      MONGODB_URI: uri,
      MONGODB_DB_NAME: name,
      S3_ENDPOINT: server.endpoint,
      S3_ACCESS_KEY_ID: "test-key",
      S3_SECRET_ACCESS_KEY: "test-secret",
    });

  test("creates there, copies into a folder, compares both, and restores from the address of the archive", async () => {
    const stores = ["--db", name, "--store", "s3://archives/cli", "--store", join(folder, "copies")];
    const created = await backup("create", ...stores);
    expect(created).toMatchObject({ code: 0 });
    const { id, location, copies } = JSON.parse(created.stdout) as Record<string, string>;
    expect(location).toContain(`s3://archives/cli/${name}/${id}.archive.gz?endpoint=`);
    expect(copies).toMatchObject([{ store: join(folder, "copies"), outcome: "copied" }]);

    const [listed, restored] = await Promise.all([
      backup("list", "--check", ...stores),
      backup("restore", location ?? "", "--db", name, "--to-db", `${name}_copy`),
    ]);
    expect(listed).toMatchObject({ code: 0 });
    expect(JSON.parse(listed.stdout)).toMatchObject({ agree: true, archives: [{ id, lacking: [] }] });
    expect(restored).toMatchObject({ code: 0 });
    expect(await client.db(`${name}_copy`).collection("heroes").countDocuments()).toBe(2);
  });
});
