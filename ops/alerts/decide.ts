import { userInfo } from "node:os";
import type { Db } from "mongodb";
import {
  channelsOf,
  deliverOutbox,
  evaluateRound,
  NoSuchAlertError,
  openAlerts,
  resolveAlert,
  rules,
  silence,
  silenceAlert,
} from "../../infra/engines/alerts";
import { messageOf } from "../../infra/support";
import type { Settings } from "../../stacks/settings";
import { printResult, type Terminal } from "../terminal";
import { silencedFor, usage, type AlertsOptions } from "./options";
import { readable, withOps } from "./place";

/** Ends an alert by whoever runs the command, and tells whom its beginning was told. */
export async function resolve(options: AlertsOptions, terminal: Terminal): Promise<number> {
  const { id = "" } = options;
  const by = userInfo().username;
  const alert = await withOps(options, async (ops, settings) => {
    const ended = await resolveAlert(ops, id, by);
    if (ended) await tellNow(ops, settings, terminal.say);
    return ended;
  });
  if (!alert) throw new NoSuchAlertError(id);
  printResult(
    terminal,
    alert,
    () => `${alert.title} (${alert.subject}) is over, by ${alert.resolvedBy ?? by}`,
  );
  return 0;
}

/** Keeps an alert, a rule or everything quiet for a while. */
export async function silenceSome(options: AlertsOptions, terminal: Terminal): Promise<number> {
  const { id = "", reason = "" } = options;
  const until = new Date(Date.now() + silencedFor(options));
  await withOps(options, async (ops, settings) => {
    const open = await openAlerts(ops);
    if (open.some(({ _id }) => _id === id)) await silenceAlert(ops, id, until);
    else await silence(ops, { ...coveredBy(id), until, by: userInfo().username, reason });
    await tellNow(ops, settings, terminal.say);
  });
  const result = { silenced: id, until, reason };
  printResult(terminal, result, () => `${id} is quiet until ${until.toISOString()}`);
  return 0;
}

/** RULE, RULE:SUBJECT or everything. */
function coveredBy(text: string): { rule?: string; subject?: string } {
  if (text === "everything") return {};
  const [rule = "", ...subject] = text.split(":");
  if (!rules.some(({ name }) => name === rule))
    throw usage(`${text} is neither an open alert nor a rule: ${rules.map(({ name }) => name).join(", ")}`);
  return { rule, ...(subject.length > 0 && { subject: subject.join(":") }) };
}

/** What follows from a decision is told at once, where a monitor does not do it sooner; it never spoils the decision. */
async function tellNow(ops: Db, settings: Settings, say: (line: string) => void): Promise<void> {
  try {
    await evaluateRound(ops, [], settings, new Date());
    await deliverOutbox(ops, channelsOf(readable(settings)));
  } catch (error) {
    say(`! it is decided, and nobody was told yet: ${messageOf(error).split("\n")[0] ?? ""}`);
  }
}
