import { MongoClient } from "mongodb";
import { connect, dialPrimary, type DatabaseAddress } from "../../../../infra/drivers/mongo";
import { useOutposts } from "../../../../infra/drivers/outpost";
import { sharedClient } from "../../../../infra/drivers/mongo/shared-client";
import { OperatorError } from "../../../../infra/support";
import { TestOutpost, type Way } from "../outpost/open-outpost";

const uri = process.env.TEST_MONGODB_URI ?? "";
const name = "shared-client-test";
const far: DatabaseAddress = { uri, name, credentials: "none", through: { app: name, region: null } };

test("one that could not be opened is tried again by the next who asks", async () => {
  let tries = 0;
  const open = async () => {
    if (tries++ === 0) throw new Error("not yet");
    return { client: await MongoClient.connect(uri) };
  };
  const both = await Promise.allSettled([sharedClient("tried", open), sharedClient("tried", open)]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  const client = await sharedClient("tried", open);
  expect(await client.db(name).command({ ping: 1 })).toMatchObject({ ok: 1 });
  await client.close();
  expect(tries).toBe(2);
});

test("one that a user closes, twice even, stays open for the others", async () => {
  const open = async () => ({ client: await MongoClient.connect(uri) });
  const [one, other] = [await sharedClient("used", open), await sharedClient("used", open)];
  await one.close();
  await one.close();
  expect(await other.db(name).command({ ping: 1 })).toMatchObject({ ok: 1 });
  await other.close();
});

test("one whose outpost is lost fails what waits for it, and the next who asks gets another that works", async () => {
  const at = await TestOutpost.open(600, dialPrimary);
  const ways: Way[] = [];
  useOutposts(() => {
    const way = at.wayOnly();
    ways.push(way);
    return Promise.resolve({
      called: `machine ${ways.length}`,
      exchange: way.exchange,
      greeting: { env: {} },
    });
  });
  const one = await connect(far, "migration");
  expect(await one.db(name).command({ ping: 1 })).toMatchObject({ ok: 1 });
  const waiting = one
    .db("admin")
    .command({ sleep: 1, millis: 20_000 })
    .then(
      () => "done",
      (error: unknown) => error,
    );
  const ended = new OperatorError({ code: "outpost-ended", message: "machine 1 ended", remedy: "" });
  if (ways[0]) ways[0].meddle = () => Promise.reject(ended);
  const begun = Date.now();
  const failed = await Promise.race([
    waiting,
    one
      .db(name)
      .collection("heroes")
      .findOne()
      .catch((error: unknown) => error),
  ]);
  expect(failed).toBeInstanceOf(Error);
  expect(Date.now() - begun).toBeLessThan(5000);
  const next = await connect(far, "migration");
  expect(await next.db(name).command({ ping: 1 })).toMatchObject({ ok: 1 });
  expect(ways).toHaveLength(2);
  await Promise.all([one.close(), next.close()]);
  for (const way of ways) way.meddle = () => Promise.reject(ended);
  await at.close();
}, 20_000);
