import type { MongoMemoryReplSet } from "mongodb-memory-server-core";
import { connect, dialPrimary } from "../../../../../infra/drivers/mongo";
import { useOutposts } from "../../../../../infra/drivers/outpost";
import { OperatorError } from "../../../../../infra/support";
import { startThreeMembers } from "../../../../harness/three-members";
import { TestOutpost, type Way } from "../../outpost/open-outpost";

const name = "dial-primary";
let set: MongoMemoryReplSet;
let at: TestOutpost;
let way: Way;

beforeAll(async () => {
  set = await startThreeMembers(name);
  at = await TestOutpost.open(1000, dialPrimary);
  way = at.wayOnly();
  useOutposts(() => Promise.resolve({ called: "machine 1", exchange: way.exchange, greeting: { env: {} } }));
}, 180_000);
afterAll(async () => {
  way.meddle = () =>
    Promise.reject(new OperatorError({ code: "outpost-ended", message: "it ended", remedy: "" }));
  await at.close();
  await set.stop();
}, 60_000);

test("whoever writes over an outpost writes on after the cluster has chosen another primary", async () => {
  const through = { app: name, region: null };
  const client = await connect({ uri: set.getUri(), name, credentials: "none", through }, "migration");
  const heroes = client.db(name).collection<{ n: number; at: string }>("heroes");
  const primary = async () => String((await client.db("admin").command({ hello: 1 })).me);
  const before = await primary();
  await heroes.insertOne({ n: 1, at: before });
  await client
    .db("admin")
    .command({ replSetStepDown: 60, secondaryCatchUpPeriodSecs: 10 })
    .catch(() => undefined);
  const until = Date.now() + 60_000;
  for (let n = 2; n < 6 && Date.now() < until;) {
    await heroes.insertOne({ n, at: "" }).then(
      () => n++,
      () => undefined,
    );
  }
  expect(await primary()).not.toBe(before);
  expect(await heroes.countDocuments()).toBe(5);
  await client.close();
}, 120_000);
