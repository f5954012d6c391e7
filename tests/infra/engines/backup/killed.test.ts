import { randomBytes } from "node:crypto";
import { ListMultipartUploadsCommand, S3Client } from "@aws-sdk/client-s3";
import { listArchives, verifyArchive } from "../../../../infra/engines/backup";
import { openStore } from "../../../../infra/drivers/store";
import { waitFor } from "../../../../infra/support";
import { startS3Server, type S3Server } from "../../../harness/s3-server";
import { describeWith } from "../../../harness/tools";
import { isKilled } from "./killed-process";
import { PrunedFolder } from "./pruned-folder";
import { SmallDatabase } from "./small-database";

let small: SmallDatabase;

beforeAll(async () => {
  small = await SmallDatabase.open("backup_killed");
});
afterAll(() => small.close());

test("a prune that was killed lists nothing that is not good, and the next one ends it", async () => {
  const pruned = await PrunedFolder.open(small);
  try {
    // The manifest and the archive are gone, what was noted of it is still there.
    expect(await pruned.kill(2)).toBe(true);
    expect(await pruned.proveListed()).toHaveLength(2);
    const left = ["archive.gz", "json", "verified.json"].map((ending) => `${pruned.newest}.${ending}`);
    expect(await pruned.pruneAgain()).toEqual([...left, "latest.json"]);
  } finally {
    await pruned.close();
  }
});

describeWith("versitygw")("a backup that was killed while it sent its archive to S3", () => {
  let server: S3Server;
  let client: S3Client;
  const before = { ...process.env };

  beforeAll(async () => {
    server = await startS3Server();
    const keys = { S3_ACCESS_KEY_ID: "test-key", S3_SECRET_ACCESS_KEY: "test-secret" };
    Object.assign(process.env, keys, { S3_ENDPOINT: server.endpoint });
    const credentials = { accessKeyId: "test-key", secretAccessKey: "test-secret" };
    client = new S3Client({
      endpoint: server.endpoint,
      region: "us-east-1",
      forcePathStyle: true,
      credentials,
    });
  }, 20_000);
  afterAll(async () => {
    process.env = before;
    client.destroy();
    await server.stop();
  });

  const uploads = async () =>
    (await client.send(new ListMultipartUploadsCommand({ Bucket: "archives" }))).Uploads?.length ?? 0;

  test("lists as no archive, and the next one takes away what is left of it", async () => {
    const store = "s3://archives/killed";
    const noise = Array.from({ length: 16 }, () => ({ data: randomBytes(1_000_000) }));
    await small.source.collection("noise").insertMany(noise);
    const wanted = {
      moment: "never",
      store,
      address: small.addressOf(small.source),
      limitRate: 12_000_000,
    };
    const killed = isKilled("killed-backup.ts", { BACKUP: JSON.stringify(wanted) }, async (kill) => {
      const begun = async () => ((await uploads()) > 0 ? true : undefined);
      await waitFor(begun, { what: "an upload", timeoutMs: 30_000, intervalMs: 20 });
      kill();
    });
    expect(await killed).toBe(true);
    expect([await uploads(), await listArchives(store)]).toEqual([1, []]);

    const archive = await small.take({ store });
    expect(await verifyArchive(store, archive.id)).toMatchObject({ documents: 18 });
    expect(await uploads()).toBe(0);
    const names = (await openStore(store).list()).map(({ name }) => name.slice(small.name.length + 1));
    expect(names.sort()).toEqual([`${archive.id}.archive.gz`, `${archive.id}.json`, "latest.json"]);
  });
});
