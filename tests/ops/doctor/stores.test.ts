import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { examineStores } from "../../../ops/doctor/stores";
import { startS3Server } from "../../harness/s3-server";
import { describeWith } from "../../harness/tools";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-doctor-stores-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const examine = (store: string, ...copies: string[]) => examineStores({ enabled: true, store, copies });

test("a store is written, read and left as it was; one that is not there yet is not made", async () => {
  const store = join(folder, "there");
  await mkdir(store);
  const findings = await examine(store, join(folder, "new", "one"));
  expect(findings).toMatchObject([
    { what: "backup.store", status: "ok", found: expect.stringMatching(/there: written, read and deleted/) },
    { what: "backup.store 2", status: "ok", found: expect.stringMatching(/one: can be made/) },
  ]);
  expect(await readdir(store)).toEqual([]);
  expect(await readdir(folder)).toEqual(["there"]);
  expect(await examineStores({ enabled: false, store, copies: [] })).toEqual([]);
});

test("one that cannot be written is missing, with a remedy; a copy's is a warning", async () => {
  await writeFile(join(folder, "file"), "");
  const [first, copy, strange] = await examine(
    join(folder, "file"),
    join(folder, "file", "x"),
    "ftp://host/a",
  );
  expect(first).toMatchObject({ status: "missing", found: expect.stringContaining("is not a folder") });
  expect(first?.remedy).toContain("backup.store");
  expect(copy).toMatchObject({ status: "warning", remedy: expect.any(String) });
  expect(strange).toMatchObject({ status: "warning", found: expect.stringContaining("ftp://host/a") });
});

describeWith("versitygw")("in S3", () => {
  const keys = { S3_ACCESS_KEY_ID: "test-key", S3_SECRET_ACCESS_KEY: "test-secret" };
  const before = { ...process.env };
  beforeEach(() => Object.assign(process.env, keys));
  afterEach(() => {
    process.env = { ...before };
  });

  test("the same, and what is wrong is named", async () => {
    const server = await startS3Server();
    try {
      const query = new URLSearchParams({ endpoint: server.endpoint });
      const [right, nowhere] = await examine(`s3://archives/x?${query}`, `s3://nowhere/x?${query}`);
      expect(right).toMatchObject({
        status: "ok",
        found: expect.stringContaining("written, read and deleted"),
      });
      expect(nowhere).toMatchObject({
        status: "warning",
        remedy: expect.stringContaining("Create the bucket"),
      });
      process.env.S3_SECRET_ACCESS_KEY = "wrong";
      expect(await examine(`s3://archives/x?${query}`)).toMatchObject([
        { status: "missing", remedy: expect.stringContaining("S3_ACCESS_KEY_ID") },
      ]);
    } finally {
      await server.stop();
    }
  }, 30_000);

  test("one that never answers is not waited for long", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await new Promise((listening) => silent.once("listening", listening));
    const { port } = silent.address() as AddressInfo;
    const place = `s3://archives/x?endpoint=http://127.0.0.1:${port}`;
    const [finding] = await examineStores({ enabled: true, store: place, copies: [] }, 300);
    expect(finding).toMatchObject({ status: "missing", found: expect.stringContaining("did not answer") });
    silent.close();
  });
});
