import { MongoClient, type Db } from "mongodb";
import { deploymentPages, type PagesOptions } from "../../../../../infra/engines/monitoring";
import { alert, release } from "./operations";

const markup = `<script>alert("x")</script>`;
const escaped = "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;";
const canary = "hunter2-canary";

let client: MongoClient;
let ops: Db;
let database: Db;
let pages: ReturnType<typeof deploymentPages>;

const open = (given: Partial<PagesOptions> = {}) =>
  deploymentPages({
    ops,
    database,
    environment: "production",
    version: "1.2.3",
    mayResolve: false,
    ...given,
  });
const ask = (path: string, from = pages) => {
  const page = from[path.split("?")[0] ?? ""];
  if (!page) throw new Error(`there is no page at ${path}`);
  return page(new Request(`http://pages${path}`));
};
const text = async (path: string, from = pages) => (await ask(path, from)).text();

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  ops = client.db("pages_dashboard_ops");
  database = client.db("pages_dashboard");
  await ops.dropDatabase();
  const secret = `mongodb://app:${canary}@db.example/x`;
  await ops
    .collection<{ _id: number }>("releases")
    .insertMany([
      ...Array.from({ length: 20 }, (_, at) => release(at + 1)),
      release(21, { state: "failed", reason: markup, error: `cannot reach ${secret}\ntoken=${canary}` }),
      { _id: 22, state: "from another edition" } as unknown as { _id: number },
    ]);
  await ops
    .collection<{ _id: string }>("alerts")
    .insertMany([
      alert("app", { title: markup, text: `${markup} Bearer ${canary}` }),
      alert("quiet", { firedAt: null, title: "it waits for its time" }),
      alert("over", { resolved: true, resolvedAt: new Date(), title: "it is over", resolvedBy: markup }),
    ]);
  await ops.collection<{ _id: string }>("archives").insertOne({
    _id: "archive-1",
    takenAt: new Date().toISOString(),
    bytes: 48_000_000,
    documents: 81,
    consistency: "snapshot",
    verifications: [
      { kind: "restore", at: new Date(0).toISOString(), ok: true },
      { kind: "checksum", at: new Date().toISOString(), ok: false },
    ],
  } as { _id: string });
  await database.collection<{ _id: string }>("migrations").insertOne({
    _id: "20260101000000",
    description: markup,
    state: "applied",
    executedAt: new Date(),
  } as {
    _id: string;
  });
  pages = open();
});
afterAll(async () => {
  await ops.dropDatabase();
  await database.dropDatabase();
  await client.close();
});

describe("the dashboard", () => {
  test("shows what runs, the releases, the backups, the migrations and what burns", async () => {
    const page = await text("/deployments");
    for (const shown of [
      "2.20.0",
      "#21",
      "48.0 MB",
      "81 documents · damaged",
      "20260101000000",
      "recorded by another edition",
      "it is over",
    ])
      expect(page).toContain(shown);
    expect(page).not.toContain("it waits for its time");
  });

  test("marks each release whose image is in quarantine, whichever showed it to be bad", async () => {
    const digest = `sha256:${"20".padEnd(64, "7c1e9")}`;
    const marked = async () =>
      (await text("/deployments", open())).match(/image in quarantine/g)?.length ?? 0;
    expect(await marked()).toBe(0);
    const releases = ops.collection<{ _id: number; "image.digest"?: string }>("releases");
    const usual = await releases.findOneAndUpdate({ _id: 18 }, { $set: { "image.digest": digest } });
    await ops.collection<{ _id: string }>("quarantine").insertOne({ _id: digest });
    expect(await marked()).toBe(2);
    await ops.collection("quarantine").drop();
    if (usual) await releases.replaceOne({ _id: 18 }, usual);
  });

  test("never lets a text out of the database become markup", async () => {
    const page = await text("/deployments");
    expect(page).not.toContain("<script>alert");
    expect(page.split(escaped).length - 1).toBe(5);
  });

  test("never shows a secret that came along in a text", async () => {
    for (const path of ["/deployments", "/deployments/data.json", "/status"])
      expect(await text(path)).not.toContain(canary);
    expect(await text("/deployments")).toContain("mongodb://[secret]@db.example/x");
  });

  test("runs nothing inline and loads nothing from elsewhere, and says so to the browser at every address", async () => {
    for (const path of Object.keys(pages).filter((one) => one !== "/deployments/events")) {
      const policy = (await ask(path)).headers.get("content-security-policy");
      expect({ path, policy }).toMatchObject({
        policy: expect.stringMatching(/^default-src 'none'; script-src 'self'; style-src 'self'/) as string,
      });
      expect(policy).not.toContain("unsafe");
    }
    for (const path of ["/deployments", "/status"]) {
      const page = await text(path);
      expect(page).not.toMatch(/\son\w+=|<style|\sstyle=|<script(?![^>]* src)|https?:\/\//);
      for (const [, asset = ""] of page.matchAll(/(?:href|src)="(\/deployments\/assets\/[^"]*)"/g))
        expect(pages).toHaveProperty([asset]);
    }
  });

  test("begins with a page of the timeline and links to the older ones", async () => {
    const newest = await text("/deployments");
    expect(newest).toContain('href="/deployments?before=8#releases"');
    const older = await text("/deployments?before=8");
    expect([...older.matchAll(/id="release-(\d+)"/g)].map(([, number]) => number)).toEqual([
      "7",
      "6",
      "5",
      "4",
      "3",
      "2",
      "1",
    ]);
    expect(older).not.toContain("?before=");
    expect((await ask("/deployments?before=drop%20table")).status).toBe(200);
  });

  test("offers to resolve an alert only where that is possible", async () => {
    expect(await text("/deployments")).not.toContain("data-resolve");
    expect(await text("/deployments", open({ mayResolve: true }))).toContain("data-resolve");
  });

  test("shows a machine as whoever asked it knows it", async () => {
    const sick = { id: "m<1>", region: "ams", healthy: false, version: "2.0.0", why: "503" };
    const page = await text("/deployments", open({ machines: () => [sick] }));
    expect(page).toContain("m&lt;1&gt;");
    expect(page).toContain("unhealthy: 503");
  });

  test("gives the same as JSON", async () => {
    const data = (await (await ask("/deployments/data.json")).json()) as Record<string, unknown>;
    expect(data).toMatchObject({
      version: 1,
      environment: "production",
      serving: { number: 20 },
      summary: { ended: 21, successPercent: expect.closeTo((20 / 21) * 100) as number, meanSeconds: 108 },
      alerts: { open: [{ subject: "app" }], resolved: [{ subject: "over" }] },
      migrations: [{ version: "20260101000000" }],
    });
  });

  test("says that it cannot be read, and not why, while the database is away", async () => {
    const away = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
    await away.close();
    const told: unknown[] = [];
    const broken = open({ ops: away.db("gone"), report: (error) => told.push(error) });
    const answer = await ask("/deployments", broken);
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toMatch(/Mongo|closed|at /);
    expect((await ask("/status", broken)).status).toBe(503);
    expect(told.length).toBe(2);
  });
});
