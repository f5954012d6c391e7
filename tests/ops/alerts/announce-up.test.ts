import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient, type Db } from "mongodb";
import { announceUp } from "../../../ops/alerts/announce-up";
import { traceReleases } from "../../../ops/trace-releases";
import { settingsSchema } from "../../../stacks/settings";
import { Receiver } from "../../infra/engines/alerts/receiver";

const receiver = new Receiver();
const collector = new Receiver();
const since = new Date("2026-03-01T10:00:00Z");
const variables = ["MONGODB_URI", "MONGODB_DB_NAME", "OTEL_EXPORTER_OTLP_ENDPOINT", "DND_DIR"];
const before = new Map(variables.map((name) => [name, process.env[name]]));
let client: MongoClient;
let folder: string;
let ops: Db;

beforeAll(async () => {
  await receiver.start();
  await collector.start();
  folder = await mkdtemp(join(tmpdir(), "dnd-announce-"));
  process.env.DND_DIR = folder;
  process.env.MONGODB_URI = process.env.TEST_MONGODB_URI ?? "";
  process.env.MONGODB_DB_NAME = "announce_up";
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url;
  client = await MongoClient.connect(process.env.MONGODB_URI);
  ops = client.db("announce_up_ops");
  await ops.dropDatabase();
  const release = (_id: number, startedAt: Date) => ({
    ...{ _id, documentVersion: 1, state: "failed", kind: "forward", environment: "staging" },
    image: { name: "tracker", version: "1.4.0", digest: "sha256:1" },
    ...{ commit: null, schema: { before: null, after: null }, by: "ann", host: "here", why: [] },
    ...{ startedAt, finishedAt: new Date(startedAt.getTime() + 60_000), error: "it is not healthy" },
    steps: [{ name: "app", outcome: "failed", at: startedAt, durationMs: 40_000 }],
  });
  await ops
    .collection<{ _id: number }>("releases")
    .insertMany([release(1, new Date(since.getTime() - 1)), release(2, since)]);
});
afterAll(async () => {
  for (const [name, value] of before)
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  await ops.dropDatabase();
  await client.close();
  await receiver.stop();
  await collector.stop();
  await rm(folder, { recursive: true, force: true });
});

function settingsWith(url: string) {
  return settingsSchema.parse({
    environment: "staging",
    monitoring: { channels: [{ type: "webhook", config: { url } }] },
  });
}

test("the channels hear what the releases of an `up` came to and what was taken back, once, in order", async () => {
  const said: string[] = [];
  const undone = { release: 2, undone: "the app was taken back", running: "1.3.0", next: "dnd logs" };
  const made = { stack: "staging", settings: settingsWith(receiver.url), since, undone };
  await announceUp({ ...made, say: (line) => said.push(line) });
  await announceUp({ ...made, say: (line) => said.push(line) });
  expect(said).toEqual([]);
  expect(receiver.received.map(({ body }) => [body.event, body.release])).toEqual([
    ["started", 2],
    ["step-failed", 2],
    ["failed", 2],
    ["undone", 2],
  ]);
});

test("a channel that is away fails no `up`, and its messages wait for the next sender", async () => {
  await ops.collection("outbox").deleteMany({});
  const settings = settingsWith("http://127.0.0.1:9/");
  await announceUp({ stack: "staging", settings, since, say: () => undefined });
  expect(await ops.collection("outbox").countDocuments({ state: "waiting" })).toBe(3);
});

test("an `up` sends its releases as traces where the usual variables say so; a collector that refuses is told of", async () => {
  const said: string[] = [];
  const traced = { stack: "staging", since, say: (line: string) => said.push(line) };
  await traceReleases(traced);
  expect(collector.received.map(({ path }) => path)).toEqual(["/v1/traces"]);
  expect(collector.received[0]?.text).toContain('"name":"release 2"');
  expect(collector.received[0]?.text).toContain('"name":"app"');
  collector.answer = () => ({ status: 500 });
  await traceReleases(traced);
  expect(said).toEqual([expect.stringContaining("it answered 500")]);
});
