import { randomBytes } from "node:crypto";
import { S3Client, ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import { parsePlace, S3Store } from "../../../../infra/drivers/store/s3";
import { s3Failure } from "../../../../infra/drivers/store/s3/failures";
import { Secret } from "../../../../infra/support";
import { startS3Server, type S3Server } from "../../../harness/s3-server";
import { describeWith } from "../../../harness/tools";
import { promisesOfAStore } from "./contract";

describeWith("versitygw")("S3", () => {
  let server: S3Server;
  let opened = 0;
  beforeAll(async () => {
    server = await startS3Server();
  }, 20_000);
  afterAll(() => server.stop());

  const place = () => server.place(`backups/${(opened += 1)}`);

  promisesOfAStore("a store in S3", async () => new S3Store(place()));

  const megabytes = randomBytes(30 * 1024 * 1024);

  async function unfinishedUploads(): Promise<number> {
    const client = new S3Client({
      endpoint: server.endpoint,
      region: "us-east-1",
      forcePathStyle: true,
      credentials: { accessKeyId: "test-key", secretAccessKey: "test-secret" },
    });
    const found = await client.send(new ListMultipartUploadsCommand({ Bucket: "archives" }));
    client.destroy();
    return found.Uploads?.length ?? 0;
  }

  test("an object of several parts is there as a whole, byte for byte", async () => {
    const store = new S3Store(place());
    const pending = await store.create("db/large");
    for (let at = 0; at < megabytes.length; at += 1_000_003)
      await pending.write(megabytes.subarray(at, at + 1_000_003));
    expect(await store.list()).toEqual([]);
    await pending.commit();
    const chunks: Buffer[] = [];
    for await (const chunk of await store.read("db/large")) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).equals(megabytes)).toBe(true);
  }, 30_000);

  test("deleting an object aborts what a killed run sent of it", async () => {
    const store = new S3Store(place());
    const left = await store.create("db/left");
    await left.write(megabytes.subarray(0, 13 * 1024 * 1024));
    expect(await unfinishedUploads()).toBe(1);
    await store.delete("db/left");
    expect(await unfinishedUploads()).toBe(0);
    await left.abandon();
  }, 30_000);

  test.each([
    [
      "wrong keys",
      { credentials: { accessKeyId: "nobody", secretAccessKey: new Secret("x") } },
      "store-wrong-keys",
    ],
    ["no bucket", { bucket: "nowhere" }, "store-no-bucket"],
  ])("%s is told by what is wrong", async (_, wrong, code) => {
    const store = new S3Store({ ...place(), ...wrong });
    await expect(store.list()).rejects.toMatchObject({ code });
    expect(await store.whyNotWritable()).toEqual(expect.any(String));
  });
});

// Answers that versitygw does not give; and the SDK loses a socket's code between Jest's realm and Node's.
test.each([
  [{ code: "ECONNREFUSED" }, "store-unreachable"],
  [{ name: "TimeoutError" }, "store-unreachable"],
  [{ name: "RequestTimeTooSkewed" }, "store-clock-skew"],
  [{ name: "AccessDenied" }, "store-no-permission"],
  [{ $metadata: { httpStatusCode: 403 } }, "store-no-permission"],
])("a service that says %j gets its own remedy", (said, code) => {
  expect(s3Failure("s3://b", Object.assign(new Error("no"), said))).toMatchObject({ code });
});

test("keys come from the environment alone and never show", () => {
  const environment = {
    S3_ACCESS_KEY_ID: "id",
    S3_SECRET_ACCESS_KEY: "canary",
    S3_ENDPOINT: "http://s3.test",
  };
  const place = parsePlace("s3://bucket/some/prefix?region=eu-central-1", environment);
  expect(place).toMatchObject({ bucket: "bucket", prefix: "some/prefix", region: "eu-central-1" });
  expect(place.endpoint).toBe("http://s3.test");
  expect(JSON.stringify(place)).not.toContain("canary");
  expect(() => parsePlace("s3://id:canary@bucket", {})).toThrow(
    expect.objectContaining({ code: "store-address" }),
  );
});
