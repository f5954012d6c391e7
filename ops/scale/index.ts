import {
  clearMachinesOverride,
  holdVariable,
  machinesOverride,
  newestDone,
  overrideMachines,
  type MachinesOverride,
} from "../../infra/engines/release";
import { OperatorError } from "../../infra/support";
import { confirmIn } from "../confirm-in";
import { chooseEngine, exitCodeOf, Interruption, type EngineName } from "../engine";
import { requireFlyAccess } from "../fly-access";
import { localStackName } from "../local-stack";
import { momentOf } from "../moment";
import type { DatabaseOptions } from "../named-database";
import { atOperations, type OperationsAt } from "../operations-database";
import { runUp } from "../run-up";
import { printResult, type Terminal } from "../terminal";

export interface ScaleOptions extends DatabaseOptions {
  engine: EngineName;
  count?: string;
  clear?: boolean;
  reason?: string;
  until?: string;
  configFile?: string;
}

const usualUntil = "24h";

/** Writes down how many machines are wanted, then makes it so: nothing that waits to be released comes with it. */
export async function scale(options: ScaleOptions, terminal: Terminal): Promise<number> {
  const wanted = wantedOf(options);
  const interruption = new Interruption(terminal.say);
  try {
    const { signal } = interruption;
    const override = await atOperations(options, (at) => written(options, wanted, at, { terminal, signal }));
    const { engine, note } = await chooseEngine(options.engine, interruption.kill);
    if (note) terminal.say(note);
    const message = wanted === null ? "scale --clear" : `scale ${wanted}`;
    const env = { [holdVariable]: "true" };
    const { stack, configFile } = options;
    const result = await runUp({ stack, configFile, engine, interruption, terminal, message, env });
    const done = result.result === "succeeded";
    printResult(terminal, { override, result }, () =>
      done ? doneText(override) : `the machines are not as wanted yet: run this again, or \`dnd up\``,
    );
    return exitCodeOf(result, interruption.told);
  } finally {
    interruption.release();
  }
}

function wantedOf({ count, clear, stack }: ScaleOptions): number | null {
  if ((count === undefined) !== Boolean(clear)) throw usage("give a number of machines, or --clear");
  if (count === undefined) return null;
  const most = stack === localStackName ? 10 : 1000;
  const wanted = Number(count);
  if (/^\d+$/.test(count) && wanted <= most) return wanted;
  throw usage(`"${count}" machines: 0 to ${most} are possible`);
}

async function written(
  options: ScaleOptions,
  wanted: number | null,
  { ops, settings }: OperationsAt,
  { terminal, signal }: { terminal: Terminal; signal: AbortSignal },
): Promise<MachinesOverride | null> {
  const { reason = "asked for by hand", until = usualUntil } = options;
  const now = new Date();
  const expires = momentOf(until, now, "--until");
  if (expires <= now) throw usage("--until has been already");
  if (!(await newestDone(ops))) throw nothingRuns(options.stack);
  await requireFlyAccess(settings, signal);
  const before = await machinesOverride(ops);
  if (wanted === 0 || (settings?.environment === "production" && wanted !== before?.count)) {
    const loss =
      wanted === 0 ? "The app serves nobody until it is scaled up again." : "The number of machines changes.";
    const action = wanted === null ? "end the override of the machines" : `scale to ${wanted} machines`;
    await confirmIn(settings?.environment, options, { action, loss }, terminal);
  }
  if (wanted !== null) return overrideMachines(ops, { count: wanted, reason, expires });
  await clearMachinesOverride(ops);
  return null;
}

function doneText(override: MachinesOverride | null): string {
  if (!override) return "the machines are as many as the settings say";
  const { count, expires, reason } = override;
  return `${count} machines until ${expires.toISOString()} (${reason}); \`dnd scale --clear\` ends that`;
}

function usage(message: string): OperatorError {
  return new OperatorError({
    code: "usage",
    kind: "usage",
    message,
    remedy: "`dnd scale --help` shows how it is used.",
  });
}

function nothingRuns(stack: string): OperatorError {
  return new OperatorError({
    code: "nothing-to-scale",
    kind: "refused",
    message: `no release of the stack ${stack} has ended well yet: there are no machines to scale`,
    remedy: "`dnd up` makes the first release.",
  });
}
