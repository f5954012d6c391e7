import { MongoClient, type Db } from "mongodb";
import { deploymentPages, type PagesOptions } from "../../../../../infra/engines/monitoring";
import { alert } from "./operations";

const hourMs = 3_600_000;
let client: MongoClient;
let ops: Db;

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  ops = client.db("pages_status_ops");
});
beforeEach(async () => {
  await ops.dropDatabase();
});
afterAll(async () => {
  await ops.dropDatabase();
  await client.close();
});

/** The status page as it would be shown at this moment. */
async function status(given: Partial<PagesOptions> = {}): Promise<string> {
  const pages = deploymentPages({
    ...{ ops, database: client.db("pages_status"), environment: "production", version: "1" },
    ...{ mayResolve: true, ...given },
  });
  const answer = await pages["/status"]?.(new Request("http://pages/status"));
  return (await answer?.text()) ?? "";
}

const incident = (given: Record<string, unknown>) =>
  ops
    .collection<{ _id: number }>("incidents")
    .insertOne({ version: 1, kind: "outage", closedAt: null, ...given } as unknown as { _id: number });
const maintenance = (given: Record<string, unknown>) =>
  ops
    .collection<{ _id: string }>("maintenance")
    .insertOne({ _id: "current", version: 1, from: null, until: null, ...given } as { _id: string });

describe("the status page", () => {
  test("says that all is well where nothing is known to be wrong", async () => {
    const page = await status();
    expect(page).toContain("The tracker works");
    expect(page).toContain("None in the last 90 days.");
  });

  test("says that the tracker does not work while that burns, in words that name no part of it", async () => {
    await ops
      .collection<{ _id: string }>("alerts")
      .insertOne(
        alert("database", { level: "critical", rule: "databaseDown", title: "mongod on d8911 is gone" }),
      );
    const page = await status();
    expect(page).toContain("does not work at the moment");
    expect(page).not.toMatch(/mongod|d8911|database/);
  });

  test("is calm about what concerns the team alone", async () => {
    await ops
      .collection<{ _id: string }>("alerts")
      .insertOne(alert("store", { level: "critical", rule: "backupAgeHours" }));
    expect(await status()).toContain("The tracker works");
  });

  test("announces maintenance, and tells while it goes on", async () => {
    const from = new Date(Date.now() + hourMs);
    await maintenance({
      on: false,
      message: "We <b>move</b> house.",
      from,
      until: new Date(from.getTime() + hourMs),
    });
    const announced = await status();
    expect(announced).toContain("Maintenance is announced.");
    expect(announced).toContain("We &lt;b&gt;move&lt;/b&gt; house.");
    expect(announced).toContain("The tracker works");
    await ops
      .collection<{ _id: string }>("maintenance")
      .updateOne({ _id: "current" }, { $set: { from: new Date(0) } });
    expect(await status()).toContain("is being worked on");
  });

  test("tells of maintenance that MAINTENANCE_MODE alone keeps up, with a database and without one", async () => {
    expect(await status({ maintenance: true })).toContain("is being worked on");
    const gone = new MongoClient("mongodb://127.0.0.1:1", { serverSelectionTimeoutMS: 50 });
    expect(await status({ ops: gone.db("away") })).toContain("We cannot tell");
    expect(await status({ ops: gone.db("away"), maintenance: true })).toContain("is being worked on");
    await gone.close();
  });

  test("tells of the disruptions of ninety days without their inner names", async () => {
    const ago = (hours: number) => new Date(Date.now() - hours * hourMs);
    await incident({
      _id: 1,
      title: "replica set rs0 lost",
      startedAt: ago(100 * 24),
      closedAt: ago(99 * 24),
    });
    await incident({ _id: 2, title: "replica set rs0 lost", startedAt: ago(50), closedAt: ago(48.5) });
    const page = await status();
    expect(page).toContain("did not work for 1 hour and 30 minutes");
    expect(page.match(/<li class="over">/g)).toHaveLength(1);
    expect(page).not.toContain("rs0");
    expect(page.match(/<rect class="(warn|bad)"/g)?.length).toBeGreaterThan(0);
  });

  test("tells of one that lasts", async () => {
    await incident({ _id: 4, title: "slow", startedAt: new Date() });
    expect(await status()).toContain("We are at work on it.");
  });

  test("can be read whole without a script", async () => {
    const page = await status();
    const bare = page
      .replace(/<script[^>]*><\/script>/g, "")
      .replace(/<button[^>]*hidden>.*?<\/button>/g, "");
    expect(bare).toContain("The last 90 days");
    expect(bare).not.toContain("noscript");
  });
});
