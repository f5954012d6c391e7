import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { MongoClient } from "mongodb";
import { rememberMeasurement } from "../../../infra/engines/health";
import type { RollbackAdvice, RollbackPlan } from "../../../infra/engines/release";
import { refuseDataByItself } from "../../../ops/rollback/data-by-hand";
import { liveFigures } from "../../../ops/rollback/figures";

const name = "rollback_figures";
const uri = process.env.TEST_MONGODB_URI ?? "";
const address = { uri, name, credentials: "none" } as const;
const slowMs = 300;
let requests = 0;
/** How long the app takes for its n-th request. */
let takes: (n: number) => number = () => slowMs;
let client: MongoClient;
let app: Server;

beforeAll(async () => {
  client = await MongoClient.connect(uri);
  app = createServer((_request, response) => void sleep(takes(++requests)).then(() => response.end("{}")));
  await new Promise<void>((listening) => app.listen(0, "127.0.0.1", listening));
});
afterAll(async () => {
  app.closeAllConnections();
  app.close();
  await client.db(name).dropDatabase();
  await client.db(`${name}_ops`).dropDatabase();
  await client.close();
});

const look = () =>
  liveFigures({
    ...{ address, sample: 100, watchMs: 500, signal: AbortSignal.timeout(30_000) },
    url: `http://127.0.0.1:${(app.address() as AddressInfo).port}`,
  });

test("an app that takes over twice as long as the version before did is told from one that never was measured", async () => {
  await expect(look()).resolves.toMatchObject({ answers: true, errorRate: 0, slowdown: null });
  await rememberMeasurement(client.db(`${name}_ops`), {
    ...{ at: new Date(), release: 1, version: "1.0.0", digest: "sha256:before", verdict: "good" },
    traffic: { requests: 100, failures: 0, p50Ms: 10, p95Ms: 50, durationMs: 20_000 },
  });
  const { slowdown } = await look();
  expect(slowdown).toBeGreaterThan(2);
});

test("a slow moment that passes is not the version's", async () => {
  await rememberMeasurement(client.db(`${name}_ops`), {
    ...{ at: new Date(), release: 1, version: "1.0.0", digest: "sha256:before", verdict: "good" },
    traffic: { requests: 100, failures: 0, p50Ms: 10, p95Ms: 1000, durationMs: 20_000 },
  });
  requests = 0;
  const ofTheFirstLook = 41;
  takes = (n) => (n === ofTheFirstLook ? 2500 : 0);
  const { slowdown } = await look();
  expect(requests).toBeGreaterThan(ofTheFirstLook);
  expect(slowdown).toBeLessThanOrEqual(2);
});

test("a document that breaks the rules of its collection is seen", async () => {
  const sheets = await client.db(name).createCollection("sheets");
  await sheets.insertOne({ level: "none" });
  await client.db(name).command({ collMod: "sheets", validator: { level: { $type: "number" } } });
  const { corruption } = await look();
  expect(corruption).toContain("sheets");
});

test("`auto --yes` brings no data back: it refuses with the command that does", () => {
  const advice = { data: true, why: "data is wrong" } as RollbackAdvice;
  const plan = { target: 4, archive: { id: "a1", takenAt: "2026-01-01" }, loss: 3 } as RollbackPlan;
  const refused = () => refuseDataByItself(advice, plan, { yes: true, stack: "staging" });
  expect(refused).toThrow("dnd rollback full --to 4 --backup a1 --stack staging --yes");
  expect(refused).toThrow(expect.objectContaining({ exitCode: 3 }));
  expect(() => refuseDataByItself(advice, plan, { yes: false, stack: "staging" })).not.toThrow();
});
