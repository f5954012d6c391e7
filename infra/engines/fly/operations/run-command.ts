import { randomBytes } from "node:crypto";
import type { FlyApi, FlyMachine, MachineConfig } from "../../../drivers/fly-api";
import {
  formatDuration,
  OperatorError,
  silent,
  systemClock,
  type Clock,
  type Progress,
} from "../../../support";
import { endOf } from "../judge-machine";
import { lastWords, quoted } from "../last-words";
import { logFollower } from "./follow-log";
import { madeOnce } from "./made-once";
import { markedForGroup, markedForWrite } from "../marks";

export interface CommandWish {
  app: string;
  /** Of the machine that runs the command: as a rule that of a group of the app, without its services. */
  config: MachineConfig;
  command: readonly string[];
  /** The command as its operator wrote it, where that is another one. */
  said?: readonly string[] | undefined;
  region?: string | undefined;
  timeoutMs: number;
  secretsVersion?: number | undefined;
}

export interface CommandOptions {
  api: FlyApi;
  clock?: Clock;
  signal?: AbortSignal | undefined;
  progress?: Progress;
  /** Told each line of the command's output, while it runs. */
  onLine?: ((line: string) => void) | undefined;
}

export interface CommandEnd {
  machine: string;
  exitCode: number;
  outOfMemory: boolean;
  words: string;
  /** Its newest lines, as far as Fly has them by now. */
  log: string[];
}

const pauseMs = 1000;
const logLines = 50;
const logTries = 6;

/** Runs a command on a machine of its own, which is gone afterwards, and tells how it ended. Never runs it twice. */
export async function runCommand(wish: CommandWish, options: CommandOptions): Promise<CommandEnd> {
  const { api, clock = systemClock, progress = silent } = options;
  const signal = options.signal ?? new AbortController().signal;
  const id = randomBytes(4).toString("hex");
  progress(`running ${(wish.said ?? wish.command).join(" ")}`);
  const machine = await made(wish, `command-${id}`, id, { api, clock, signal });
  const { onLine } = options;
  const lines: string[] = [];
  const log = logFollower({ api, app: wish.app, machine: machine.id }, (line) => {
    lines.push(line);
    onLine?.(line);
  });
  const follow = onLine ? () => log.look(signal) : undefined;
  try {
    const end = await ended(wish, machine, { api, clock, signal, follow });
    if (follow) return { ...end, log: await restOf(lines, follow, { clock, signal }) };
    // Asked for while the machine is still there: of one that is gone the lines may go, too.
    const words = await lastWords(wish.app, machine.id, logLines, { api, clock, signal }, logTries);
    return { ...end, log: words };
  } finally {
    const last = AbortSignal.timeout(10_000);
    await api.machines.destroy(wish.app, machine.id, { force: true, signal: last }).catch(() => undefined);
  }
}

interface Tools {
  api: FlyApi;
  clock: Clock;
  signal: AbortSignal;
}

/** Lines come some time after they were written: it is over when a look finds no more of them. */
async function restOf(
  lines: string[],
  follow: () => Promise<number>,
  { clock, signal }: Omit<Tools, "api">,
): Promise<string[]> {
  for (let tries = 0; tries < logTries; tries++) {
    if ((await follow()) === 0 && lines.length > 0) break;
    await clock.sleep(pauseMs, signal);
  }
  return lines;
}

async function made(wish: CommandWish, name: string, id: string, tools: Tools): Promise<FlyMachine> {
  const { app, region, secretsVersion } = wish;
  const creation = {
    name,
    ...(region ? { region } : {}),
    config: commandConfig(wish, id),
    ...(secretsVersion === undefined ? {} : { min_secrets_version: secretsVersion }),
  };
  return madeOnce(app, creation, tools);
}

function commandConfig({ config, command }: CommandWish, id: string): MachineConfig {
  const bare = { ...config, services: [], checks: {}, mounts: [], metadata: {} };
  const own = {
    ...bare,
    init: { ...config.init, exec: [...command] },
    // It stays after its end so that its exit can be read, and never begins a second time.
    restart: { policy: "no" as const },
    dns: { skip_registration: true },
  };
  const marked = markedForGroup(own, "command", { fingerprint: "command", secrets: undefined });
  return markedForWrite(marked, id, "none", "command");
}

async function ended(
  wish: CommandWish,
  { id }: FlyMachine,
  { api, clock, signal, follow }: Tools & { follow?: (() => Promise<number>) | undefined },
): Promise<Omit<CommandEnd, "log">> {
  const end = clock.now() + wish.timeoutMs;
  while (clock.now() < end) {
    const machine = await api.machines.get(wish.app, id, { signal });
    if (!machine || machine.state === "destroyed")
      throw failed(wish, `machine ${id} is gone before it told its end`);
    const exit = endOf(machine);
    if (exit) return { machine: id, exitCode: exit.code, outOfMemory: exit.oom, words: exit.words };
    if (machine.state === "failed") throw failed(wish, `machine ${id} could not be launched`);
    await follow?.();
    await clock.sleep(pauseMs, signal);
  }
  throw failed(wish, `it did not end in ${formatDuration(wish.timeoutMs)}`);
}

function failed({ command, said = command, app }: CommandWish, reason: string): OperatorError {
  return new OperatorError({
    code: "fly-command-failed",
    message: `\`${said.join(" ")}\` of ${app}: ${reason}`,
    remedy: "Look at its log, then run the command again. It was not tried a second time.",
  });
}

/** Throws when the command of a release does not end well. */
export async function runReleaseCommand(wish: CommandWish, options: CommandOptions): Promise<void> {
  const end = await runCommand(wish, options);
  if (end.exitCode !== 0 || end.outOfMemory) throw failed(wish, end.words + quoted(end.log.slice(-5)));
}
