import { MongoClient, type Db } from "mongodb";
import {
  listQuarantine,
  quarantineImage,
  QuarantinedImageError,
  refuseQuarantined,
  releaseImage,
  restoreOnce,
} from "../../../../infra/engines/release";

const image = (version: string) => ({ name: "app", version, digest: `sha256:${version}` });

let client: MongoClient;
let ops: Db;

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
});
beforeEach(async () => {
  ops = client.db("release_quarantine_ops");
  await ops.dropDatabase();
});
afterAll(async () => {
  await ops.dropDatabase();
  await client.close();
});

describe("an image in quarantine", () => {
  test("is refused with its reason and the command that lets it out", async () => {
    await quarantineImage(ops, { digest: "sha256:3", release: 3, reason: "it fell over\nat once" });
    const all = await listQuarantine(ops);
    const refusal = () => refuseQuarantined(image("3"), { running: image("2"), serving: image("1") }, all);
    expect(refusal).toThrow(QuarantinedImageError);
    expect(refusal).toThrow(/release 3, it fell over; version 1 runs on[\s\S]*release-image sha256:3/);
  });

  test("is never refused while it runs, and no other is refused for it", async () => {
    await quarantineImage(ops, { digest: "sha256:3", release: 3, reason: "bad" });
    const all = await listQuarantine(ops);
    expect(() =>
      refuseQuarantined(image("3"), { running: image("3"), serving: image("3") }, all),
    ).not.toThrow();
    expect(() =>
      refuseQuarantined(image("4"), { running: image("2"), serving: image("2") }, all),
    ).not.toThrow();
  });

  test("keeps its first reason, and is out once it was let out by the beginning of its digest", async () => {
    for (const reason of ["first", "second"])
      await quarantineImage(ops, { digest: "sha256:abc1", release: 3, reason });
    await quarantineImage(ops, { digest: "sha256:abd2", release: 4, reason: "another" });
    expect(await releaseImage(ops, "ab")).toBeNull();
    expect(await releaseImage(ops, "abc")).toMatchObject({ _id: "sha256:abc1", reason: "first" });
    expect((await listQuarantine(ops)).map(({ _id }) => _id)).toEqual(["sha256:abd2"]);
  });
});

test("the key of a restore is taken by one of many, and never again", async () => {
  const wanted = { key: "0a1b", release: 5, archive: "archive-4" };
  const asked = await Promise.allSettled(Array.from({ length: 8 }, () => restoreOnce(ops, wanted)));
  expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await expect(restoreOnce(ops, wanted)).rejects.toThrow(
    /archive-4 was begun already[\s\S]*rollback database/,
  );
});
