import type { FlyApi, MachineConfig } from "../../infra/drivers/fly-api";
import { isOutpost, runCommand, type CommandEnd } from "../../infra/engines/fly";
import { OperatorError } from "../../infra/support";
import { Interruption } from "../engine";
import { printResult, type Terminal } from "../terminal";
import { asRole } from "./as-role";
import { pairsOf, type FlyOptions } from "./options";
import { jsonIn } from "./result-in-log";
import { appSettingsOf } from "./settings";

/** Runs a command inside the app's own network, on a machine that is gone afterwards, and ends as the command ended. */
export async function run(options: FlyOptions, terminal: Terminal): Promise<number> {
  const { words: command, timeout: timeoutMs, group } = options;
  if (command.length === 0) throw unclear();
  const { openFlyApiOf } =
    require("../../infra/drivers/fly-api") as typeof import("../../infra/drivers/fly-api");
  const api = openFlyApiOf(process.env);
  const interruption = new Interruption(terminal.say);
  const { signal } = interruption;
  try {
    const app = options.app ?? (await appSettingsOf(options)).name;
    const { config, region } = await likeOneOf(api, app, group, signal);
    const [image = config.image] = options.image;
    const env = { ...config.env, ...Object.fromEntries(pairsOf("env", options.env)) };
    const as = await asRole(options.as, options, { config: { ...config, image, env }, command });
    const wish = { app, ...as, said: command, timeoutMs, region };
    const end = await runCommand(wish, { api, signal, progress: terminal.say, onLine: terminal.say });
    printResult(terminal, { app, ...end, result: jsonIn(end.log) ?? null }, () => endText(end));
    return end.outOfMemory ? 137 : end.exitCode;
  } finally {
    interruption.release();
  }
}

/** What a machine of the app has, its secrets and its network with it. */
async function likeOneOf(
  api: FlyApi,
  app: string,
  group: string | undefined,
  signal: AbortSignal,
): Promise<{ config: MachineConfig; region: string }> {
  const all = (await api.machines.list(app, { signal })).filter((one) => !isOutpost(one));
  const fits = all.filter(({ config }) => config && (group === undefined || groupOf(config) === group));
  const [one] = fits;
  if (one?.config) return { config: one.config, region: one.region };
  throw new OperatorError({
    code: "fly-no-machine",
    message: `the app ${app} has no machine${group === undefined ? "" : ` in the group ${group}`} that a command could be like`,
    remedy: "`dnd up` makes the app's machines; name another app with --app.",
    kind: "usage",
  });
}

function groupOf({ metadata }: MachineConfig): string | undefined {
  return metadata?.fly_process_group;
}

function endText({ machine, exitCode, outOfMemory, words }: CommandEnd): string {
  if (outOfMemory) return `machine ${machine} ran out of memory`;
  return exitCode === 0 ? `machine ${machine} has done it, and is gone` : `machine ${machine}: ${words}`;
}

function unclear(): OperatorError {
  return new OperatorError({
    code: "fly-run-unclear",
    kind: "usage",
    message: "dnd fly run wants a command",
    remedy: "Write it behind --, such as `dnd fly run -- node seed.js`.",
  });
}
