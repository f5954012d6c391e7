import { randomBytes } from "node:crypto";
import type { FlyApi, FlyMachine, MachineConfig } from "../../../drivers/fly-api";
import { outpostVariable, type FindOutpost, type FlyWay, type OutpostPlace } from "../../../drivers/outpost";
import { OperatorError, silent, systemClock, type Clock, type Progress } from "../../../support";
import { fleetOf } from "../fleet";
import { lastWords, quoted } from "../last-words";
import { configOf, outpostMark } from "../marks";
import { outpostGreeting } from "./outpost-greeting";

export interface OutpostsOptions {
  api: FlyApi;
  /** Of the release that a run is about, with its digest; undefined where it is yet to be built. */
  image?: (() => Promise<string | undefined>) | undefined;
  clock?: Clock;
  progress?: Progress;
  signal?: AbortSignal | undefined;
}

/** Where Dockerfile.monitor puts what an outpost runs. */
const program = "/dnd/ops/outpost";
const startMs = 120_000;
const execGraceMs = 15_000;
/** Enough for a backup, which holds a few batches of documents at once. */
const guest = { cpu_kind: "shared", cpus: 2, memory_mb: 1024 };
const waiting = new Set(["created", "starting", "started"]);

/** Sends a machine of the release's image to where the database is; one that is there already serves as well. */
export function outpostsAt(options: OutpostsOptions): FindOutpost {
  return async (way) => {
    const { api, clock = systemClock, signal = new AbortController().signal } = options;
    const tools = { api, clock, signal };
    const all = await api.machines.list(way.app, { signal });
    const image = (await options.image?.()) ?? runningImage(all, way);
    const machine = present(all, image) ?? (await made(way, image, { ...options, ...tools }));
    await started(way, machine, tools);
    return placeOf(way, machine, api);
  };
}

interface Tools {
  api: FlyApi;
  clock: Clock;
  signal: AbortSignal;
}

/** The newest is of the release that was looked at last. */
function present(all: FlyMachine[], image: string): FlyMachine | undefined {
  return all
    .filter((one) => socketOf(one) !== undefined && waiting.has(one.state) && configOf(one).image === image)
    .sort((a, b) => (a.created_at < b.created_at ? 1 : -1))[0];
}

/** What a command goes by that knows of no release: the outpost of the run before it, or the app itself. */
export function imageThatGoes(all: FlyMachine[]): string | undefined {
  const outposts = all.filter((one) => socketOf(one) !== undefined && waiting.has(one.state));
  const newest = [...outposts].sort((a, b) => (a.created_at < b.created_at ? 1 : -1))[0];
  const one = newest ?? fleetOf(all).own[0];
  return one && configOf(one).image;
}

function runningImage(all: FlyMachine[], { app }: FlyWay): string {
  const image = imageThatGoes(all);
  if (image !== undefined) return image;
  throw new OperatorError({
    code: "outpost-no-image",
    kind: "refused",
    message: `the database is reached over Fly, and the app ${app} has no machine yet whose image could go there`,
    remedy: "`dnd up` makes the first one.",
  });
}

function socketOf(machine: FlyMachine): string | undefined {
  return configOf(machine).metadata?.[outpostMark];
}

async function made(
  { app, region }: FlyWay,
  image: string,
  { api, signal, progress = silent }: Tools & Pick<OutpostsOptions, "progress">,
): Promise<FlyMachine> {
  const name = `outpost-${randomBytes(4).toString("hex")}`;
  progress(`a machine of ${image} goes to the database`);
  const creation = { name, ...(region === null ? {} : { region }), config: configFor(image, name) };
  try {
    return await api.machines.create(app, creation, { signal });
  } catch (error) {
    signal.throwIfAborted();
    const found = (await api.machines.list(app, { signal })).find((one) => one.name === name);
    if (found) return found;
    throw error;
  }
}

function configFor(image: string, name: string): MachineConfig {
  const socket = `/tmp/dnd/${name}.sock`;
  return {
    image,
    guest,
    env: { DND_DIR: "/tmp/dnd", [outpostVariable]: socket },
    init: { exec: ["node", `${program}/main.cjs`, socket] },
    // It ends when nobody asks any more, and is gone then.
    restart: { policy: "no" },
    auto_destroy: true,
    services: [],
    dns: { skip_registration: true },
    metadata: { [outpostMark]: socket },
  };
}

async function started({ app }: FlyWay, { id }: FlyMachine, { api, clock, signal }: Tools): Promise<void> {
  const end = clock.now() + startMs;
  for (;;) {
    const machine = await api.machines.get(app, id, { signal });
    if (machine?.state === "started") return;
    if (!machine || !waiting.has(machine.state)) throw await endedAtOnce(app, id, { api, clock, signal });
    if (clock.now() >= end) throw unable(app, id, `it is still ${machine.state}`);
    await clock.sleep(300, signal);
  }
}

async function placeOf({ app }: FlyWay, machine: FlyMachine, api: FlyApi): Promise<OutpostPlace> {
  const { id } = machine;
  const command = ["node", `${program}/send.cjs`, socketOf(machine) ?? ""];
  return {
    called: `machine ${id} of ${app}`,
    greeting: await outpostGreeting(process.env),
    exchange: async (stdin, { patienceMs }) => {
      const asked = { stdin, timeoutMs: patienceMs + execGraceMs, repeatable: true };
      const { exit_code: code, stdout = "", stderr = "" } = await api.machines.exec(app, id, command, asked);
      if (code === 0) return stdout;
      const clock = systemClock;
      const there = await api.machines.get(app, id);
      if (there?.state === "started") throw new Error(stderr.trim() || `its answer ended with ${code}`);
      throw await endedAtOnce(app, id, { api, clock, signal: AbortSignal.timeout(startMs) });
    },
  };
}

async function endedAtOnce(app: string, id: string, tools: Tools): Promise<OperatorError> {
  const words = await lastWords(app, id, 5, tools, 1).catch(() => []);
  return unable(app, id, `it ended${quoted(words)}`);
}

function unable(app: string, id: string, why: string): OperatorError {
  return new OperatorError({
    code: "outpost-ended",
    kind: "refused",
    message: `machine ${id} of ${app}, which was to work at the database, does not: ${why}`,
    remedy:
      "Its image needs `dnd` beside the app: build it with Dockerfile.monitor (app.build.dockerfile), or set database.reach to temporary or listed.",
  });
}
