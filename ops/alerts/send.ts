import type { Db } from "mongodb";
import {
  channelsOf,
  deliverOutbox,
  listAlerts,
  replay as replayIn,
  testChannels,
} from "../../infra/engines/alerts";
import { OperatorError } from "../../infra/support";
import { printResult, type Terminal } from "../terminal";
import type { AlertsOptions } from "./options";
import { alertSettingsOf, isEncrypted, readable, withOps } from "./place";
import { testText } from "./text";

const deadlineMs = 15_000;

/** Sends one message through each channel; exit code 1 unless every one of them took it. */
export async function test(options: AlertsOptions, terminal: Terminal): Promise<number> {
  const settings = await alertSettingsOf(options);
  const { environment, monitoring } = settings;
  if (monitoring.channels.length === 0)
    throw new OperatorError({
      code: "alerts-no-channel",
      kind: "usage",
      message: `the ${environment} environment has no channel: nobody would hear of an alert`,
      remedy:
        "Add one under monitoring.channels, or set SLACK_WEBHOOK_URL, ALERT_EMAILS or PAGERDUTY_INTEGRATION_KEY.",
    });
  const channels = channelsOf(readable(settings));
  const tried = await testChannels(channels, { environment, now: new Date(), deadlineMs });
  const notTried = monitoring.channels.filter(isEncrypted).map(({ name, type }) => ({
    channel: name,
    type,
    outcome: "not tried" as const,
    detail: "its secret stands encrypted in the settings: give it in the channel's variable",
  }));
  const tests = [...tried, ...notTried];
  printResult(terminal, tests, () => testText(tests));
  return tests.every(({ outcome }) => outcome === "delivered") ? 0 : 1;
}

/** Sends again what never arrived, or everything that was said of one alert. */
export async function replay(options: AlertsOptions, terminal: Terminal): Promise<number> {
  const result = await withOps(options, async (ops, settings) => {
    const { id } = options;
    const thread = id === undefined ? undefined : await threadOf(ops, id, settings.environment);
    const again = await replayIn(ops, thread);
    const sent = await deliverOutbox(ops, channelsOf(readable(settings)));
    return { again, sent };
  });
  printResult(terminal, result, () => {
    const lines = result.sent.map(({ channel, title, outcome, detail }) =>
      [channel, outcome, title, detail].join("  "),
    );
    return [`${result.again} messages go out again`, ...lines].join("\n");
  });
  return result.sent.some(({ outcome }) => outcome !== "delivered") ? 1 : 0;
}

const everMany = 10_000;

/** What was said of an alert stands under its environment and the incident that it was told in; a full name is taken as it is. */
async function threadOf(ops: Db, name: string, usual: string): Promise<string> {
  const alert = (await listAlerts(ops, { limit: everMany })).find(({ _id }) => _id === name);
  return alert ? `${alert.environment || usual}/${alert.incident ?? alert._id}` : name;
}
