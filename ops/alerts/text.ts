import { isOpen, type Alert, type ChannelTest, type Silence } from "../../infra/engines/alerts";
import { formatDuration } from "../../infra/support";
import { table } from "../terminal";

/** One line for each alert, and the silences that are on. */
export function listText(alerts: Alert[], silences: Silence[], now: Date): string {
  if (alerts.length === 0 && silences.length === 0) return "no alert is open";
  const head = ["LEVEL", "ALERT", "TEXT", "SINCE", "STATE", "NAME"];
  const rows = alerts.map((alert) => [
    alert.level,
    `${alert.title} (${alert.subject})`,
    alert.text,
    `${formatDuration(Math.max(0, now.getTime() - alert.since.getTime()))} ago`,
    stateOf(alert, now),
    alert._id,
  ]);
  return [
    ...(alerts.length > 0 ? [table([head, ...rows])] : ["no alert is open"]),
    ...silences.map((silence) => `silenced: ${silenceText(silence)}`),
  ].join("\n");
}

function stateOf(alert: Alert, now: Date): string {
  if (alert.resolved) return `over, by ${alert.resolvedBy ?? "nobody"}`;
  if (alert.dryRun) return "tried out";
  if (alert.parent) return `explained by ${alert.parent}`;
  if (alert.silencedUntil && alert.silencedUntil > now)
    return `silenced until ${alert.silencedUntil.toISOString()}`;
  return isOpen(alert) && alert.told ? "told" : "open";
}

/** What a silence covers, until when and why. */
export function silenceText({ rule, subject, until, by, reason }: Silence): string {
  const what = [rule, subject].filter((one) => one !== null).join(" of ") || "everything";
  return `${what} until ${until.toISOString()} by ${by}: ${reason}`;
}

/** Everything that is known of an alert. */
export function showText(alert: Alert, now: Date): string {
  const facts: [string, string | null][] = [
    ["alert", `${alert.level}: ${alert.title}`],
    ["about", alert.subject],
    ["text", alert.text],
    ["since", alert.since.toISOString()],
    ["state", stateOf(alert, now)],
    ["over", alert.resolvedAt?.toISOString() ?? null],
    ["told", alert.told ? `${alert.told.times} times, last ${alert.told.at.toISOString()}` : "nobody"],
    ["raised", alert.raised > 1 ? `${alert.raised} times` : null],
    ["release", alert.release === undefined ? null : String(alert.release)],
  ];
  return table(facts.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

/** What came of a test message through each channel. */
export function testText(tests: (ChannelTest | NotTried)[]): string {
  return table(tests.map(({ channel, type, outcome, detail }) => [channel, type, outcome, detail]));
}

/** A channel that this process cannot try. */
export interface NotTried {
  channel: string;
  type: string;
  outcome: "not tried";
  detail: string;
}
