import { MongoClient, type Db } from "mongodb";
import { lookAtOperations, operationsProblems, operationsRows } from "../../../ops/status/operations";

const now = new Date("2026-11-21T10:00:00Z");
const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
let client: MongoClient;
let ops: Db;

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  ops = client.db("status_operations_ops");
});
afterAll(async () => {
  await ops.dropDatabase();
  await client.close();
});

test("the status tells what burns, what stands above the settings, and the maintenance, for as long as each lasts", async () => {
  expect(operationsRows(await lookAtOperations(ops, now), now)).toEqual([]);
  await ops.collection("alerts").insertMany([
    { level: "critical", title: "no database", since: at(-5), resolved: false },
    { level: "warning", title: "slow", resolved: false, silencedUntil: at(30) },
    { level: "critical", title: "long gone", resolved: true },
  ]);
  await ops.collection<{ _id: string }>("overrides").insertMany([
    { _id: "machines", count: 4, reason: "a crowd", by: "ada", expires: at(10) },
    { _id: "image", reason: "over", by: "bo", expires: at(-1) },
  ] as never[]);
  await ops
    .collection<{ _id: string }>("maintenance")
    .insertOne({ _id: "current", on: true, message: "new shelves", until: at(2) } as never);
  const seen = await lookAtOperations(ops, now);
  expect(operationsRows(seen, now).map((row) => row.join(" "))).toEqual([
    "maintenance ON for another 2m 00s: new shelves",
    "override 4 machines for another 10m 00s, by ada: a crowd",
    "alert critical: no database, since 2026-11-21T09:55:00.000Z",
    "alert warning: slow, silent until 2026-11-21T10:30:00.000Z",
  ]);
  // Somebody knows of what is silent.
  expect(operationsProblems(seen)).toEqual(["critical alert: no database"]);
  expect((await lookAtOperations(ops, at(5))).maintenance).toBeNull();
});
