import type { Db } from "mongodb";
import {
  beat,
  beatOnce,
  downtimeFigure,
  forgetGone,
  keepBeliefs,
  Leadership,
  lookAll,
  readBeliefs,
  recordFigures,
  steady,
  type Figure,
  type Patience,
  type Probe,
} from "../../infra/engines/monitoring";
import { settleMaintenance } from "../../infra/engines/maintenance";
import { messageOf } from "../../infra/support";
import type { Alerting } from "./alerting";
import type { MonitorState } from "./state";

export interface RoundWish {
  environment: string;
  ops: Db;
  probes: readonly Probe[];
  leadership: Leadership;
  alerting: Alerting;
  state: MonitorState;
  /** How often a thing must be seen bad, or well again; the usual unless told. */
  patience?: Patience;
  /** Told once for each thing that did not go. */
  say: (line: string) => void;
  signal: AbortSignal;
}

/** One round: look at everything, believe it, keep it, alert. Only the monitor that leads does. */
export async function makeRound(wish: RoundWish, at: Date): Promise<void> {
  const { state, leadership, ops } = wish;
  state.standing = await leadership.renew(ops);
  if (!state.standing.leads) return;
  await attempt(wish, "remembering", () => remember(wish));
  state.looks = await lookAll(wish.probes, { at, signal: wish.signal });
  if (wish.signal.aborted) return;
  const { figures, beliefs } = steady(state.looks.figures, state.beliefs, wish.patience);
  state.beliefs = forgetGone(beliefs, figures);
  state.figures = [...figures, downtimeFigure(state.beliefs, at)];
  await attempt(wish, "keeping the figures", () => keep(wish, state.figures));
  await attempt(wish, "the maintenance window", () => settle(wish, at));
  await attempt(wish, "the alerts", () => wish.alerting.evaluate(state.figures, at));
  await attempt(wish, "sending alerts", () => wish.alerting.deliver(at));
  state.rounds++;
  state.endedAt = new Date();
}

/** The beliefs of the run before, once. */
async function remember({ state, ops }: RoundWish): Promise<void> {
  if (state.remembered) return;
  const known = await readBeliefs(ops);
  // What was seen since stands above what was written down before.
  state.beliefs = { ...known, ...state.beliefs };
  state.remembered = true;
}

async function keep({ ops, environment, state }: RoundWish, figures: readonly Figure[]): Promise<void> {
  await beatOnce(ops, "monitoring-began");
  await beat(ops, "monitor");
  await keepBeliefs(ops, state.beliefs);
  await recordFigures(ops, environment, figures);
}

/** A window that begins or ends by the clock does so without anybody asking for it; its alerts are judged after that. */
async function settle({ ops }: RoundWish, at: Date): Promise<void> {
  await settleMaintenance(ops, at);
}

/** What fails is told and stops nothing else: the next round tries again. */
async function attempt({ say, signal }: RoundWish, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!signal.aborted) say(`! ${what}: ${messageOf(error).split("\n")[0] ?? ""}`);
  }
}
