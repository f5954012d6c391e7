import type { Db } from "mongodb";
import { isSignedBy } from "../../../../infra/drivers/web-hooks";
import {
  announceRelease,
  channelsOf,
  deliverOutbox,
  evaluateRound,
  openAlerts,
  raiseAlert,
  resolveAlert,
  testChannels,
  type ChannelSettings,
} from "../../../../infra/engines/alerts";
import { Secret } from "../../../../infra/support";
import { openMailbox } from "./mailbox";
import { Receiver, type Received } from "./receiver";
import { githubDeployment, githubStatus, pagerDutyEvent, slackMessage } from "./vendor-schemas";
import { pagerDuty, settingsWith, slackBot, slackHook, World } from "./world";

const world = new World();
const receiver = new Receiver();
let ops: Db;

beforeAll(async () => {
  ops = await world.open("alerts_channels");
  await receiver.start();
});
beforeEach(async () => {
  await Promise.all(["alerts", "outbox"].map((name) => ops.collection(name).deleteMany({})));
  receiver.received.length = 0;
  receiver.answer = () => ({ body: "ok" });
});
afterAll(async () => {
  await receiver.stop();
  await world.close(ops);
});

/** What a channel posts of an alert whose text means harm. */
async function posted(channel: ChannelSettings): Promise<Record<string, unknown>[]> {
  const settings = settingsWith([channel]);
  const evil = "<!channel> & <script>alert(1)</script>\r\nBcc: eve@example.com ".repeat(300);
  const raised = { rule: "evil", subject: "<b>", level: "critical" as const, title: evil, text: evil };
  await raiseAlert(ops, raised, world.now);
  await evaluateRound(ops, [], settings, world.now);
  const sent = await deliverOutbox(ops, channelsOf(settings), { now: world.clock });
  expect(sent.map(({ outcome }) => outcome)).toEqual(["delivered"]);
  return receiver.received.map(({ body }) => body);
}

test("Slack gets blocks as it documents them, and no markup of an alert's own", async () => {
  const [body] = await posted(slackHook(receiver.url));
  expect(slackMessage.parse(body)).toBeTruthy();
  expect(JSON.stringify(body)).not.toContain("Bcc: eve@example.com\\r");
});

test("a bot's refusals are told apart: too often, broken, for good", async () => {
  const channels = channelsOf(settingsWith([slackBot(receiver.url)]));
  const look = { environment: "staging", now: world.now, deadlineMs: 5_000 };
  for (const [error, outcome] of [
    ["ratelimited", "later"],
    ["internal_error", "unknown"],
    ["channel_not_found", "refused"],
  ]) {
    receiver.answer = () => ({ body: JSON.stringify({ ok: false, error }) });
    expect(await testChannels(channels, look)).toMatchObject([{ outcome }]);
  }
  expect(receiver.received[0]?.headers.authorization).toBe("Bearer xoxb-1");
  expect(slackMessage.parse(receiver.received[0]?.body)).toBeTruthy();
});

test("PagerDuty gets events as it documents them; a test leaves no incident open", async () => {
  const bodies = await posted(pagerDuty(receiver.url));
  const look = { environment: "staging", now: world.now, deadlineMs: 5_000 };
  await testChannels(channelsOf(settingsWith([pagerDuty(receiver.url)])), look);
  const tested = receiver.received.slice(1).map(({ body }) => body);
  for (const body of [...bodies, ...tested]) expect(pagerDutyEvent.parse(body)).toBeTruthy();
  expect(tested.map(({ event_action }) => event_action)).toEqual(["trigger", "resolve"]);
});

test("an alert arrives as one mail at a real server, its text and HTML harmless, its end as an answer to it", async () => {
  const mailbox = await openMailbox();
  const email: ChannelSettings = {
    ...{ type: "email", name: "email", minimum: "warning" },
    config: {
      ...{ recipients: ["team@example.com"], from: "alerts@example.com" },
      smtp: { host: "127.0.0.1", port: mailbox.port, tls: "none" },
    },
  };
  await posted(email);
  const settings = settingsWith([email]);
  const [open] = await openAlerts(ops);
  await resolveAlert(ops, open?._id ?? "", "ann", world.now);
  await evaluateRound(ops, [], settings, world.now);
  await deliverOutbox(ops, channelsOf(settings), { now: world.clock });
  const [begun = "", over = ""] = mailbox.mails;
  await mailbox.close();
  expect(begun).not.toMatch(/^bcc:/im);
  const [plain = "", page = ""] = begun.split(/^Content-Type: text\/html/m);
  expect(plain).toMatch(/^Content-Type: text\/plain/m);
  expect(page).toMatch(/&lt;script&gt;/);
  expect(page).not.toMatch(/<script/i);
  const [, id] = /^Message-ID: (<.*>)/m.exec(begun) ?? [];
  expect(over).toContain(`In-Reply-To: ${id}`);
});

test("what the mail server refuses goes to the channel that stands in", async () => {
  const mailbox = await openMailbox("550 no such mailbox");
  const settings = settingsWith([
    {
      ...{ type: "email", name: "email", minimum: "warning", fallback: "slack" },
      config: {
        ...{ recipients: ["gone@example.com"], from: "alerts@example.com" },
        smtp: { host: "127.0.0.1", port: mailbox.port, tls: "none" },
      },
    },
    slackHook(receiver.url),
  ]);
  const raised = { rule: "backup", subject: "nightly", level: "warning" as const, title: "Late", text: "" };
  await raiseAlert(ops, raised, world.now);
  await evaluateRound(ops, [], settings, world.now);
  const first = await deliverOutbox(ops, channelsOf(settings), { now: world.clock });
  const second = await deliverOutbox(ops, channelsOf(settings), { now: world.clock });
  await mailbox.close();
  expect([...first, ...second].map(({ channel, outcome }) => `${channel} ${outcome}`)).toEqual(
    expect.arrayContaining(["email refused", "slack delivered"]),
  );
});

test("a web hook's document is signed over exactly what was sent", async () => {
  const secret = new Secret("s3cret");
  await posted({
    ...{ type: "webhook", name: "hook", minimum: "warning" },
    config: { url: receiver.url, secret, headers: { "x-team": "dice" } },
  });
  const { headers, text } = receiver.received[0] as Received;
  const signed = { body: text, secret: "s3cret", now: world.now };
  expect(isSignedBy(String(headers["dnd-signature"]), signed)).toBe(true);
  expect(headers["x-team"]).toBe("dice");
});

test("GitHub hears of a release as one deployment of its commit, and nothing of alerts", async () => {
  const github: ChannelSettings = {
    ...{ type: "github", name: "github", minimum: "warning" },
    config: { repository: "team/tracker", token: new Secret("t"), apiUrl: receiver.url },
  };
  receiver.answer = ({ path }) => ({ status: 201, body: path.endsWith("deployments") ? '{"id":42}' : "{}" });
  const about = { release: 3, lines: [], commit: "0123456789abcdef", at: world.now };
  const news = (["started", "step", "done"] as const).map((event) => ({
    ...{ ...about, event, name: event, title: `Release 3 ${event}` },
  }));
  const settings = settingsWith([github]);
  await announceRelease(ops, settings, news, world.now);
  await deliverOutbox(ops, channelsOf(settings), { now: world.clock });
  const [made, ...states] = receiver.received;
  expect(made?.path).toBe("/repos/team/tracker/deployments");
  expect(githubDeployment.parse(made?.body)).toMatchObject({ ref: about.commit });
  expect(states.map(({ path }) => path)).toEqual(
    Array(2).fill("/repos/team/tracker/deployments/42/statuses"),
  );
  expect(states.map(({ body }) => githubStatus.parse(body).state)).toEqual(["in_progress", "success"]);
});
