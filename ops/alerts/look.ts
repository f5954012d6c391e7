import {
  listAlerts,
  listSilences,
  NoSuchAlertError,
  openAlerts,
  type Alert,
} from "../../infra/engines/alerts";
import { sinceOf } from "../since";
import { printResult, type Terminal } from "../terminal";
import type { AlertsOptions } from "./options";
import { withOps } from "./place";
import { listText, showText } from "./text";

const everMany = 10_000;

/** The open alerts, or with --all and --since those that are over, too. */
export async function list(options: AlertsOptions, terminal: Terminal): Promise<number> {
  const { all, since, limit } = options;
  const from = since === undefined ? undefined : sinceOf(since);
  const [alerts, silences] = await withOps(options, async (ops) => [
    all || from ? await listAlerts(ops, { since: from, limit }) : (await openAlerts(ops)).slice(0, limit),
    await listSilences(ops),
  ]);
  printResult(terminal, { alerts, silences }, () => listText(alerts, silences, new Date()));
  return 0;
}

/** One alert. */
export async function show(options: AlertsOptions, terminal: Terminal): Promise<number> {
  const { id = "" } = options;
  const found = await withOps(options, async (ops) =>
    (await listAlerts(ops, { limit: everMany })).find(({ _id }) => _id === id),
  );
  if (!found) throw new NoSuchAlertError(id);
  const alert: Alert = found;
  printResult(terminal, alert, () => showText(alert, new Date()));
  return 0;
}
