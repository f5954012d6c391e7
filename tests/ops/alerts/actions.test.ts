import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { MongoClient, type Db } from "mongodb";
import { raiseAlert } from "../../../infra/engines/alerts";
import { actions, requireFitting, type ActionName, type AlertsOptions } from "../../../ops/alerts";
import type { Terminal } from "../../../ops/terminal";
import { Receiver } from "../../infra/engines/alerts/receiver";

const db = "alerts_command";
const receiver = new Receiver();
const variables = ["MONGODB_URI", "SLACK_WEBHOOK_URL", "DND_DIR"];
const before = new Map(variables.map((name) => [name, process.env[name]]));
let folder: string;
let client: MongoClient;
let ops: Db;

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  ops = client.db(`${db}_ops`);
  await ops.dropDatabase();
  await receiver.start();
  process.env.SLACK_WEBHOOK_URL = receiver.url;
  folder = await mkdtemp(join(tmpdir(), "dnd-alerts-"));
  process.env.DND_DIR = folder;
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer = () => ({ body: "ok" });
});
afterAll(async () => {
  for (const [name, value] of before)
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  await receiver.stop();
  await ops.dropDatabase();
  await client.close();
  await rm(folder, { recursive: true, force: true });
});

/** What a command answers as JSON, and its exit code. */
async function run(action: ActionName, more: Partial<AlertsOptions> = {}) {
  const out = new PassThrough();
  const said: string[] = [];
  const terminal: Terminal = {
    ...{ out, err: new PassThrough().resume(), interactive: false, color: false, json: true },
    say: (line) => said.push(line),
  };
  const uri = process.env.TEST_MONGODB_URI ?? "";
  const options: AlertsOptions = { action, stack: "local", json: true, yes: true, uri, db, ...more };
  requireFitting(options);
  const code = await actions[action](options, terminal);
  out.end();
  return { code, said, answer: JSON.parse(await text(out)) as unknown };
}

const titles = () => receiver.received.map(({ body }) => String(body.text));

test("an alert is listed, shown, silenced and resolved, and whoever heard of it hears of its end", async () => {
  await raiseAlert(ops, {
    ...{ rule: "backup", subject: "nightly", level: "critical" },
    ...{ title: "The backup failed", text: "no room" },
  });
  const { answer } = await run("list");
  const [{ _id: id }] = (answer as { alerts: [{ _id: string }] }).alerts;
  expect((await run("show", { id })).answer).toMatchObject({ subject: "nightly", text: "no room" });
  expect((await run("silence", { id: "p95Ms", for: "2h", reason: "the report runs" })).code).toBe(0);
  expect(titles()).toEqual([expect.stringContaining("The backup failed")]);
  expect((await run("list")).answer).toMatchObject({ silences: [{ rule: "p95Ms" }] });
  expect((await run("resolve", { id })).answer).toMatchObject({ resolved: true });
  expect(titles()[1]).toContain("Over: The backup failed");
  expect((await run("list")).answer).toMatchObject({ alerts: [] });
  expect((await run("list", { all: true })).answer).toMatchObject({ alerts: [{ _id: id }] });
});

test("what fits nothing is refused with what would fit", async () => {
  await expect(run("show", { id: "none:at-all" })).rejects.toMatchObject({ code: "alert-unknown" });
  await expect(run("silence", { id: "noSuchRule", reason: "why not" })).rejects.toThrow(/p95Ms/);
  await expect(run("silence", { id: "p95Ms" })).rejects.toThrow(/--reason/);
  await expect(run("resolve")).rejects.toThrow(/wants an alert's name/);
});

test("a test goes through every channel, and ends with 1 where one did not take it", async () => {
  expect(await run("test")).toMatchObject({ code: 0, answer: [{ channel: "slack", outcome: "delivered" }] });
  expect(titles()[0]).toContain("A test of this channel");
  receiver.answer = () => ({ status: 404 });
  expect(await run("test")).toMatchObject({ code: 1, answer: [{ outcome: "refused" }] });
});

test("what a channel refused goes out again by replay, once it takes messages", async () => {
  receiver.answer = () => ({ status: 403 });
  await raiseAlert(ops, {
    ...{ rule: "backup", subject: "weekly", level: "warning" },
    ...{ title: "The backup is late", text: "by a day" },
  });
  // Any decision tells what is due.
  await run("silence", { id: "p95Ms", reason: "once more" });
  expect(receiver.received).toHaveLength(1);
  receiver.answer = () => ({ body: "ok" });
  expect(await run("replay")).toMatchObject({
    code: 0,
    answer: { again: 1, sent: [{ outcome: "delivered" }] },
  });
  expect(titles()[1]).toContain("The backup is late");
  expect(await run("replay")).toMatchObject({ answer: { again: 0, sent: [] } });
  const [late] = ((await run("list")).answer as { alerts: [{ _id: string }] }).alerts;
  expect(await run("replay", { id: late._id })).toMatchObject({ answer: { again: 1 } });
  expect(titles()[2]).toContain("possibly repeated");
});
