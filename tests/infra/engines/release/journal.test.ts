import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient, type Db } from "mongodb";
import {
  NewerJournalError,
  ReleaseTakenError,
  beatRelease,
  beginRelease,
  endRelease,
  findRelease,
  finishRelease,
  newestDone,
  newestRelease,
  recordStep,
} from "../../../../infra/engines/release";
import { readWord, wordFile } from "../../../../infra/support";

const image = { name: "app", version: "1.0.0", digest: "sha256:1" };
const beginning = (number: number) => ({
  number,
  environment: "development",
  image,
  schemaBefore: null,
  why: ["first release"],
  commit: null,
});

let client: MongoClient;
let ops: Db;

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
});
beforeEach(async () => {
  ops = client.db("release_journal_ops");
  await ops.dropDatabase();
});
afterAll(async () => {
  await ops.dropDatabase();
  await client.close();
});

describe("the journal of releases", () => {
  test("is written before the work and closed after it", async () => {
    await beginRelease(ops, beginning(1));
    expect(await newestRelease(ops)).toMatchObject({ _id: 1, state: "running", finishedAt: null });
    await recordStep(ops, 1, { name: "backup", outcome: "done", at: new Date(), durationMs: 12 });
    await finishRelease(ops, 1, { schemaAfter: "20260101", archive: { id: "a", bytes: 5 } });
    const closed = await newestDone(ops);
    expect(closed).toMatchObject({
      _id: 1,
      state: "done",
      schema: { after: "20260101" },
      archive: { id: "a" },
    });
    expect(closed?.steps.map((step) => step.name)).toEqual(["backup"]);
  });

  test("keeps when the run was last heard of, until it has ended", async () => {
    await beginRelease(ops, beginning(1));
    const begun = (await newestRelease(ops))?.heartbeatAt;
    await beatRelease(ops, 1);
    const beaten = (await newestRelease(ops))?.heartbeatAt;
    expect(begun).toBeInstanceOf(Date);
    expect(Number(beaten)).toBeGreaterThanOrEqual(Number(begun));
    await endRelease(ops, 1, "enough");
    const ended = await newestRelease(ops);
    await beatRelease(ops, 1);
    expect(await newestRelease(ops)).toEqual(ended);
  });

  test("leaves word that a number was taken for the command that asked for it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dnd-word-"));
    process.env[wordFile] = join(folder, "word");
    try {
      await beginRelease(ops, beginning(1));
      await expect(beginRelease(ops, beginning(1))).rejects.toBeInstanceOf(ReleaseTakenError);
      expect(readWord(join(folder, "word"))).toBe("locked");
    } finally {
      Reflect.deleteProperty(process.env, wordFile);
      await rm(folder, { recursive: true });
    }
  });

  test("ends a release that goes no further with why, and nothing that has ended", async () => {
    await beginRelease(ops, beginning(1));
    await endRelease(ops, 1, "only the backup was asked for");
    expect(await newestRelease(ops)).toMatchObject({
      state: "failed",
      error: "only the backup was asked for",
    });
    await beginRelease(ops, beginning(2));
    await finishRelease(ops, 2, { schemaAfter: null, archive: null });
    await endRelease(ops, 2, "too late");
    expect(await newestDone(ops)).toMatchObject({ _id: 2, error: null });
  });

  test("gives a number to one of many who ask for it at once", async () => {
    const asked = await Promise.allSettled(Array.from({ length: 10 }, () => beginRelease(ops, beginning(1))));
    expect(asked.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    const refused = asked.find((one) => one.status === "rejected");
    expect(refused?.reason).toBeInstanceOf(ReleaseTakenError);
    expect((refused?.reason as ReleaseTakenError).exitCode).toBe(4);
  });

  test("ends what a killed run left open when the next one begins", async () => {
    await beginRelease(ops, beginning(1));
    await beginRelease(ops, beginning(2));
    const first = await ops
      .collection<{ _id: number; state: string; error: string }>("releases")
      .findOne({ _id: 1 });
    expect(first).toMatchObject({ state: "failed", error: "the run that made it was interrupted" });
  });

  test("keeps a failed step as the release's failure", async () => {
    await beginRelease(ops, beginning(1));
    await recordStep(
      ops,
      1,
      { name: "backup", outcome: "failed", at: new Date(), durationMs: 3 },
      "disk full",
    );
    expect(await newestRelease(ops)).toMatchObject({ state: "failed", error: "disk full" });
    expect(await newestDone(ops)).toBeNull();
  });

  test("keeps what a release is about, and reads one that was written before that was asked", async () => {
    await beginRelease(ops, beginning(1));
    await beginRelease(ops, {
      ...beginning(2),
      details: {
        kind: "rollback",
        rollbackOf: 1,
        target: 1,
        engine: "embedded",
        settingsHash: "abc",
        livesWith: { min: "20250101", max: null },
        reason: "the dice were loaded",
      },
    });
    expect(await findRelease(ops, 1)).not.toHaveProperty("kind");
    expect(await findRelease(ops, 2)).toMatchObject({
      kind: "rollback",
      target: 1,
      livesWith: { min: "20250101", max: null },
      reason: "the dice were loaded",
    });
    expect(await findRelease(ops, 3)).toBeNull();
  });

  test("of a later edition is refused by name of the version", async () => {
    await ops
      .collection<{ _id: number }>("releases")
      .insertOne({ _id: 9, documentVersion: 2 } as { _id: number });
    await expect(newestRelease(ops)).rejects.toBeInstanceOf(NewerJournalError);
  });
});
