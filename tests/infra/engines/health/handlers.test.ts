import { createServer, type Socket } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { MongoClient, type Db } from "mongodb";
import { healthHandlers, type HealthHandlers } from "../../../../infra/engines/health";

const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const milliseconds = expect.stringMatching(/^\d+ms$/);

let client: MongoClient;
let db: Db;
let commands: string[];

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "", { monitorCommands: true });
  client.on("commandStarted", ({ commandName }) => commands.push(commandName));
  db = client.db("health_handlers");
});
beforeEach(async () => {
  commands = [];
  await db.dropDatabase();
  await db.collection("characters").insertOne({ name: "Lia" });
  commands = [];
});
afterAll(async () => {
  await db.dropDatabase();
  await client.close();
});

const handlers = (options: Partial<Parameters<typeof healthHandlers>[0]> = {}) =>
  healthHandlers({ database: db, environment: "production", version: "1.0.0", ...options });

async function ask(kind: keyof HealthHandlers, of = handlers()) {
  const response = await of[kind](new Request("http://app/"));
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function record(...rows: [version: string, state: string, transaction?: boolean][]): Promise<void> {
  await db
    .collection<{ _id: string }>("migrations")
    .insertMany(
      rows.map(([_id, state, transaction = true]) => ({ _id, state, transaction, direction: "up" })),
    );
}

const expected = [{ version: "20260101" }, { version: "20260102" }];

describe("health", () => {
  test("of the app is the JSON of the guide", async () => {
    expect(await ask("health")).toEqual({
      status: 200,
      body: {
        status: "ok",
        timestamp: isoTime,
        environment: "production",
        version: "1.0.0",
        database: "connected",
      },
    });
  });

  test("of the database is the JSON of the guide, with its replication and the pool", async () => {
    await db.createCollection("parties");
    await db.createCollection("__pre_0a1b2c3d_parties");
    expect(await ask("database")).toEqual({
      status: 200,
      body: {
        status: "ok",
        timestamp: isoTime,
        database: {
          connected: true,
          connectionTime: milliseconds,
          queryTime: milliseconds,
          collections: { total: 2, names: ["characters", "parties"] },
          replication: { set: expect.any(String) as string, role: "primary", primary: true, members: 1 },
          pool: { size: expect.any(Number) as number, inUse: 0, waiting: 0, max: 100 },
        },
      },
    });
  });

  test("of the migrations is the JSON of the guide", async () => {
    await record(["20260101", "applied"], ["20260102", "applied"]);
    expect(await ask("migrations", handlers({ expected }))).toEqual({
      status: 200,
      body: {
        status: "ok",
        timestamp: isoTime,
        migrations: { total: 2, executed: 2, pending: 0, valid: true },
      },
    });
  });

  test("of the migrations is an error where one is missing that the app cannot live without", async () => {
    await record(["20260101", "applied"]);
    expect(await ask("migrations", handlers({ expected }))).toMatchObject({
      status: 503,
      body: { status: "error", migrations: { total: 2, executed: 1, pending: 1, valid: true } },
    });
  });

  test("of the migrations is fine where the database is ahead", async () => {
    await record(["20260101", "applied"], ["20260102", "applied"], ["20260103", "applied"]);
    expect(await ask("migrations", handlers({ expected }))).toMatchObject({
      status: 200,
      body: { migrations: { total: 3, executed: 3, pending: 0, valid: true } },
    });
  });

  test("of the migrations is an error outside of the range that the app declares", async () => {
    await record(["20260101", "applied"], ["20260105", "applied"]);
    const valid = async (min: string, max: string) =>
      (await ask("migrations", handlers({ schema: { min, max } }))).status;
    expect(await valid("20260101", "20260105")).toBe(200);
    expect(await valid("20260101", "20260104")).toBe(503);
    expect(await valid("20260106", "20260109")).toBe(503);
  });

  test("of the migrations is an error where one stopped half-way or was left out", async () => {
    await record(["20260101", "applied"], ["20260102", "failed", false]);
    expect(await ask("migrations")).toMatchObject({ status: 503, body: { migrations: { valid: false } } });
    await db.collection("migrations").deleteMany({});
    await record(["20260102", "applied"]);
    expect(await ask("migrations", handlers({ expected }))).toMatchObject({
      status: 503,
      body: { migrations: { pending: 1, valid: false } },
    });
  });

  test("of the migrations is fine where a later one failed and was rolled back, or was taken back", async () => {
    await record(["20260101", "applied"], ["20260102", "failed"], ["20260103", "reverted"]);
    expect(await ask("migrations")).toMatchObject({
      status: 200,
      body: { migrations: { total: 1, executed: 1, pending: 0, valid: true } },
    });
  });

  test("checked a thousand times costs the database one query", async () => {
    const of = handlers();
    const answers = await Promise.all(Array.from({ length: 1000 }, () => ask("health", of)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(commands).toEqual(["ping"]);
  });

  test("is asked anew after a second", async () => {
    const of = handlers();
    await ask("health", of);
    await new Promise((done) => setTimeout(done, 1100));
    await ask("health", of);
    expect(commands).toEqual(["ping", "ping"]);
  });

  test("of the process never asks the database, and says when it leaves", async () => {
    expect(await ask("live")).toMatchObject({ status: 200, body: { status: "healthy", version: "1.0.0" } });
    const leaving = handlers({ draining: () => true });
    for (const kind of ["live", "health", "database", "migrations"] as const) {
      expect(await ask(kind, leaving)).toMatchObject({ status: 503, body: { status: "draining" } });
    }
    expect(commands.filter((name) => name === "ping" || name === "hello")).toEqual(["ping", "hello"]);
  });

  test("is an error within two seconds and without a secret where the database is silent", async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const away = new MongoClient(`mongodb://app:canary@127.0.0.1:${port}/?directConnection=true`);
    const of = handlers({ database: away.db("any"), expected });
    const asked = performance.now();
    const answers = await Promise.all([ask("health", of), ask("database", of), ask("migrations", of)]);
    expect(performance.now() - asked).toBeLessThan(2000);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(answers[0].body).toMatchObject({ status: "error", database: "disconnected" });
    expect(answers[1].body).toMatchObject({ database: { connected: false, collections: { total: 0 } } });
    expect(answers[2].body).toMatchObject({ migrations: { total: 2, executed: 0, valid: false } });
    expect(JSON.stringify(answers)).not.toMatch(/canary|127\.0\.0\.1|at /);
    for (const socket of sockets) socket.destroy();
    await away.close();
    silent.close();
  });
});
