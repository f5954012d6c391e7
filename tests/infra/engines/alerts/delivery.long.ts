import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Db } from "mongodb";
import {
  announceRelease,
  channelsOf,
  deliverOutbox,
  evaluateRound,
  openAlerts,
  raiseAlerts,
  replay,
  type ChannelSettings,
} from "../../../../infra/engines/alerts";
import { waitFor } from "../../../../infra/support";
import { Receiver } from "./receiver";
import { figure, hook, minute, settingsWith, slackBot, slackHook, World } from "./world";

const name = "alerts_delivery";
const world = new World();
const slack = new Receiver();
const other = new Receiver();
let ops: Db;

beforeAll(async () => {
  ops = await world.open(name);
  await Promise.all([slack.start(), other.start()]);
});
beforeEach(async () => {
  for (const one of await ops.collections()) await one.deleteMany({});
  for (const one of [slack, other]) {
    one.received.length = 0;
    one.answer = () => ({ body: "ok" });
  }
});
afterAll(async () => {
  await Promise.all([slack.stop(), other.stop()]);
  await world.close(ops);
});

const fire = (channels: ChannelSettings[], value = 95) =>
  evaluateRound(ops, [figure("diskPercent", value, world.now)], settingsWith(channels), world.now);
const deliver = (channels: ChannelSettings[], deadlineMs = 5_000) =>
  deliverOutbox(ops, channelsOf(settingsWith(channels)), { now: world.clock, deadlineMs });
const texts = (receiver: Receiver) => receiver.received.map(({ body }) => body.text);

describe("a message", () => {
  test("waits as long as Slack asks for, and nothing else goes there meanwhile", async () => {
    const channels = [slackHook(slack.url)];
    slack.answer = (_, count) =>
      count === 1 ? { status: 429, headers: { "retry-after": "120" } } : { body: "ok" };
    await fire(channels);
    expect(await deliver(channels)).toMatchObject([{ outcome: "later" }]);
    world.later(minute);
    await evaluateRound(ops, [figure("drillAgeDays", 100, world.now)], settingsWith(channels), world.now);
    expect(await deliver(channels)).toEqual([]);
    world.later(minute);
    expect(await deliver(channels)).toMatchObject([{ outcome: "delivered" }, { outcome: "delivered" }]);
    expect(texts(slack).join()).not.toContain("possibly repeated");
  });

  test("whose outcome is unknown goes out again and says that it may be a repetition", async () => {
    const channels = [slackHook(slack.url)];
    slack.answer = (_, count) => (["cut", { status: 500 }] as const)[count - 1] ?? { body: "ok" };
    await fire(channels);
    for (const outcome of ["unknown", "unknown", "delivered"]) {
      expect(await deliver(channels)).toMatchObject([{ outcome }]);
      world.later(minute);
    }
    expect(texts(slack).map((text) => String(text).includes("possibly repeated"))).toEqual([
      false,
      true,
      true,
    ]);
    expect(await ops.collection("deliveries").countDocuments({})).toBe(3);
  });

  test("arrives by one channel while another hangs, and the one that stands in takes it over", async () => {
    const fallback = hook(other.url, { name: "stand-in" });
    const channels = [slackHook(slack.url, { fallback: "stand-in" }), fallback];
    slack.answer = () => "hang";
    await fire(channels);
    const sent = await deliver(channels, 300);
    expect(sent.map(({ channel, outcome }) => `${channel} ${outcome}`).sort()).toEqual([
      "slack unknown",
      "stand-in delivered",
    ]);
    for (let attempt = 2; attempt <= 4; attempt++) {
      world.later(5 * minute);
      await deliver(channels, 300);
    }
    const ids = other.received.map(({ body }) => body.id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
  });

  test("that is refused for good is kept, and goes out when somebody replays it", async () => {
    const channels = [slackHook(slack.url)];
    slack.answer = () => ({ status: 404, body: "no_service" });
    await fire(channels);
    expect(await deliver(channels)).toMatchObject([
      { outcome: "refused", detail: "answered 404: no_service" },
    ]);
    world.later(60 * minute);
    expect(await deliver(channels)).toEqual([]);
    slack.answer = () => ({ body: "ok" });
    expect(await replay(ops, undefined, world.now)).toBe(1);
    expect(await deliver(channels)).toMatchObject([{ outcome: "delivered", possiblyRepeated: false }]);
  });

  test("goes out once, however many monitors send", async () => {
    const channels = [hook(other.url)];
    const figures = ["a", "b", "c"].map((subject) => figure("diskPercent", 95, world.now, subject));
    const monitors = Array.from({ length: 6 }, () => settingsWith(channels));
    await Promise.all(monitors.map((settings) => evaluateRound(ops, figures, settings, world.now)));
    await Promise.all(monitors.map(() => deliver(channels)));
    await deliver(channels);
    expect(other.received.map(({ body }) => body.title).sort()).toEqual([
      "Disk space runs out (a)",
      "Disk space runs out (b)",
      "Disk space runs out (c)",
    ]);
  });

  test("whose sender was killed before it could write down what came of it is repeated, and says so", async () => {
    const channels = [slackHook(slack.url)];
    await fire(channels);
    slack.answer = () => "hang";
    const root = join(__dirname, "../../../..");
    const child = spawn(
      process.execPath,
      ["--require", join(root, "infra/support/typescript.cjs"), join(__dirname, "sender.ts")],
      { env: { ...process.env, SENDER_DATABASE: `${name}_ops`, SENDER_HOOK: slack.url }, stdio: "inherit" },
    );
    const ended = once(child, "exit");
    await waitFor(() => (slack.received.length > 0 ? true : undefined), {
      what: "the message",
      timeoutMs: 60_000,
    });
    child.kill("SIGKILL");
    await ended;
    slack.answer = () => ({ body: "ok" });
    const claimed = await ops.collection("outbox").findOne({ state: "sending" });
    world.now = new Date((claimed?.heldSince as Date).getTime() + minute);
    expect(await deliver(channels)).toEqual([]);
    world.later(minute);
    expect(await deliver(channels)).toMatchObject([{ outcome: "delivered", possiblyRepeated: true }]);
    expect(texts(slack).at(-1)).toContain("possibly repeated");
  });
});

test("a flood of 10,000 alerts is a handful of messages, none is lost, and one message tells its end", async () => {
  const settings = settingsWith([hook(other.url)]);
  const raised = Array.from({ length: 10_000 }, (_, index) => ({
    rule: index % 2 ? "dice-lost" : "map-lost",
    subject: `party ${index}`,
    level: "warning" as const,
    title: index % 2 ? "Dice are lost" : "A map is lost",
    text: "x".repeat(5_000),
  }));
  await raiseAlerts(ops, raised.slice(0, 9_000), world.now);
  await evaluateRound(ops, [], settings, world.now);
  await deliver(settings.monitoring.channels as ChannelSettings[]);
  await raiseAlerts(ops, raised, world.later(minute));
  await evaluateRound(ops, [], settings, world.now);
  await evaluateRound(ops, [], settings, world.later(10 * minute));
  await deliver(settings.monitoring.channels as ChannelSettings[]);
  expect(await openAlerts(ops)).toHaveLength(10_000);
  expect(other.received.map(({ body }) => body.title)).toEqual([
    "9000 alerts at once",
    "1000 alerts at once",
  ]);
  expect(Math.max(...other.received.map(({ text }) => text.length))).toBeLessThan(20_000);
  await ops
    .collection("alerts")
    .updateMany({ done: false }, { $set: { resolved: true, resolvedAt: world.now, resolvedBy: "ann" } });
  await evaluateRound(ops, [], settings, world.later(minute));
  await deliver(settings.monitoring.channels as ChannelSettings[]);
  expect(other.received.at(-1)?.body.title).toBe("Over: 10000 alerts at once");
});

test("what a release came to is a thread in Slack, told once", async () => {
  const channels = [slackBot(slack.url)];
  slack.answer = (_, count) => ({ body: JSON.stringify({ ok: true, ts: `17.${count}`, channel: "C1" }) });
  const news = (["started", "step", "done"] as const).map((event, index) => ({
    ...{ release: 7, event, name: `${index}`, title: `Release 7 ${event}`, lines: [], at: world.now },
  }));
  await announceRelease(ops, settingsWith(channels), news.slice(0, 2), world.now);
  await announceRelease(ops, settingsWith(channels), news, world.now);
  await deliver(channels);
  expect(slack.received.map(({ path }) => path)).toEqual(Array(3).fill("/chat.postMessage"));
  expect(slack.received.map(({ body }) => body.thread_ts)).toEqual([undefined, "17.1", "17.1"]);
});
