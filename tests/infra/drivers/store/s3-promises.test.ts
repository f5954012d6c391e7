import { createHash } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { GetObjectRetentionCommand, HeadObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { openStore } from "../../../../infra/drivers/store";
import { parsePlace, S3Store, type S3Place } from "../../../../infra/drivers/store/s3";
import { Secret } from "../../../../infra/support";
import { startS3Server, type S3Server } from "../../../harness/s3-server";
import { describeWith } from "../../../harness/tools";

const large = Buffer.alloc(13 * 1024 * 1024, 7);

async function keep(store: S3Store, name: string, bytes: Buffer, once = true): Promise<void> {
  const pending = await store.create(name, { once, metadata: { environment: "staging", hero: "Ægir" } });
  await pending.write(bytes);
  try {
    await pending.commit();
  } finally {
    await pending.abandon();
  }
}

describeWith("versitygw")("objects in S3", () => {
  let server: S3Server;
  let client: S3Client;
  let opened = 0;
  beforeAll(async () => {
    server = await startS3Server();
    client = server.client();
  }, 20_000);
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });
  const place = () => server.place(`promises/${(opened += 1)}`);

  test.each([
    ["in one request", Buffer.from("x")],
    ["in parts", large],
  ])(
    "are written once %s: a second writer is refused, and the first one's stays",
    async (_, bytes) => {
      const store = new S3Store(place());
      await keep(store, "db/one", bytes);
      await expect(keep(store, "db/one", Buffer.from("other"))).rejects.toMatchObject({
        code: "store-object-exists",
      });
      await keep(store, "db/two", large);
      await expect(keep(store, "db/two", large)).rejects.toMatchObject({ code: "store-object-exists" });
      expect((await store.list()).map((one) => one.bytes)).toEqual([bytes.length, large.length]);
      await keep(store, "db/one", Buffer.from("put there"), false);
      await expect(store.put("db/one", "again", { once: true })).rejects.toMatchObject({
        code: "store-object-exists",
      });
      expect(await store.get("db/one")).toBe("put there");
    },
    30_000,
  );

  test("say of what they are, in letters that a header holds", async () => {
    const at = place();
    const store = new S3Store(at);
    await keep(store, "db/one", Buffer.from("x"));
    const { Metadata } = await client.send(
      new HeadObjectCommand({ Bucket: at.bucket, Key: `${at.prefix}/db/one` }),
    );
    expect(Metadata).toMatchObject({ environment: "staging", hero: "%C3%86gir" });
  });

  test("under a legal hold or a lock are not deleted, and say why; where a bucket has none, that is said", async () => {
    const at: S3Place = { ...(await server.lockable("held")), lock: { mode: "GOVERNANCE", days: 2 } };
    const store = new S3Store(at);
    await store.put("db/one", "x");
    expect(await store.setHold("db/one", true)).toBeUndefined();
    expect(await store.lockOf("db/one")).toEqual({ by: "a legal hold", until: null });
    await expect(store.delete("db/one")).rejects.toMatchObject({ code: "store-object-locked" });
    expect(await store.setHold("db/one", false)).toBeUndefined();
    await store.delete("db/one");
    expect(await store.list()).toEqual([]);

    await store.put("db/two", "x");
    const from = new Date();
    expect(await store.lock("db/two", from)).toBeUndefined();
    const until = new Date(Math.floor((from.getTime() + 2 * 24 * 3_600_000) / 1000) * 1000);
    expect((await store.lockOf("db/two"))?.until?.getTime()).toBeGreaterThanOrEqual(until.getTime());
    const { Retention } = await client.send(
      new GetObjectRetentionCommand({ Bucket: at.bucket, Key: "held/db/two" }),
    );
    expect(Retention?.Mode).toBe("GOVERNANCE");
    await expect(store.delete("db/two")).rejects.toMatchObject({ code: "store-object-locked" });

    const plain = new S3Store({ ...place(), lock: { mode: "GOVERNANCE", days: 2 } });
    await plain.put("db/one", "x");
    expect(await plain.setHold("db/one", true)).toMatch(/Object Lock/i);
    expect(await plain.lock("db/one", from)).toMatch(/Object Lock/i);
    expect(await plain.lockOf("db/one")).toBeUndefined();
  });

  test("are found again by the address that their store tells", async () => {
    const at = place();
    const store = new S3Store(at);
    await store.put("db/one.json", "x");
    const elsewhere = new S3Store({ ...at, region: "eu-central-1" });
    expect(elsewhere.location).toBe(
      `s3://archives/${at.prefix}?endpoint=${server.endpoint}&region=eu-central-1`,
    );
    const keys = { MINE_ACCESS_KEY_ID: "test-key", MINE_SECRET_ACCESS_KEY: "test-secret" };
    const other = new S3Store(parsePlace(`${store.location}&keys=MINE`, keys));
    expect(await other.get("db/one.json")).toBe("x");
    expect(other.addressOf("db/one.json")).toMatch(
      new RegExp(`^s3://archives/${at.prefix}/db/one\\.json\\?endpoint=.*&keys=MINE$`),
    );
    await expect(elsewhere.list()).rejects.toMatchObject({ code: "store-wrong-region" });
    expect(() => parsePlace("s3://bucket?keys=OTHER", keys)).toThrow(/OTHER_ACCESS_KEY_ID/);
    expect(() => parsePlace("s3://bucket?lock=compliance&lock-days=0", {})).toThrow(/lock-days/);
    expect(new S3Store(parsePlace("s3://bucket/prefix", {})).location).toBe("s3://bucket/prefix");
  });
});

describe("requests to S3", () => {
  test("carry checksums and the encryption that the address asks for", async () => {
    const seen: IncomingHttpHeaders[] = [];
    const server = createServer((asked, answer) => {
      seen.push(asked.headers);
      asked.resume();
      asked.once("end", () => answer.writeHead(200).end());
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const keys = { S3_ACCESS_KEY_ID: "id", S3_SECRET_ACCESS_KEY: "secret" };
    const store = (query: string) =>
      new S3Store(parsePlace(`s3://bucket?endpoint=${endpoint}&${query}`, keys));
    await store("encryption=AES256").put("db/one", "x");
    await keep(store("encryption=KMS&key=arn:aws:kms:key"), "db/one", Buffer.from("x"));
    server.closeAllConnections();
    server.close();
    const sum = createHash("sha256").update("x").digest("base64");
    expect(seen).toMatchObject([
      { "x-amz-server-side-encryption": "AES256", "x-amz-checksum-sha256": sum },
      {
        "x-amz-server-side-encryption": "aws:kms",
        "x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:key",
        "x-amz-checksum-sha256": sum,
        "if-none-match": "*",
        "x-amz-meta-environment": "staging",
      },
    ]);
  });

  test("end when they are interrupted, though the service never answers", async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const stop = new AbortController();
    const credentials = { accessKeyId: "id", secretAccessKey: new Secret("x") };
    const store = new S3Store({ ...parsePlace("s3://b", {}), endpoint, credentials }, stop.signal);
    const works = [
      () => store.list(),
      () => store.get("db/one"),
      () => store.put("db/one", "x"),
      () => store.read("db/one"),
      () => keep(store, "db/one", large),
      () => store.lockOf("db/one"),
    ].map((work) => work().then(String, (error: Error) => error.name));
    server.once("request", () =>
      setImmediate(() => stop.abort(new DOMException("interrupted", "AbortError"))),
    );
    expect(await Promise.all(works)).toEqual(works.map(() => "AbortError"));
    server.closeAllConnections();
    server.close();
    expect(openStore(store)).toBe(store);
  });
});
