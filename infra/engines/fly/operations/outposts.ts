import { randomBytes } from "node:crypto";
import type { FlyApi, FlyMachine, MachineConfig } from "../../../drivers/fly-api";
import {
  outpostEnded,
  outpostVariable,
  type FindOutpost,
  type FlyWay,
  type OutpostPlace,
} from "../../../drivers/outpost";
import { anySignal, OperatorError, silent, systemClock, type Clock, type Progress } from "../../../support";
import { fleetOf } from "../fleet";
import { whyDown } from "../judge-machine";
import { lastWords, quoted } from "../last-words";
import { configOf, outpostMark } from "../marks";
import { madeOnce } from "./made-once";
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
/** A look whether it is still there must not take as long as what has just failed. */
const lookMs = 10_000;
/** Enough for a backup, which holds a few batches of documents at once. */
const guest = { cpu_kind: "shared", cpus: 2, memory_mb: 1024 };
const waiting = new Set(["created", "starting", "started"]);

/** Sends a machine of the release's image to where the database is; one that is there already serves as well. */
export function outpostsAt(options: OutpostsOptions): FindOutpost {
  return async (way, but) => {
    const { api, clock = systemClock, signal = new AbortController().signal } = options;
    const tools = { api, clock, signal };
    const others = (await api.machines.list(way.app, { signal })).filter((one) => calledOf(way, one) !== but);
    const image = (await options.image?.()) ?? runningImage(others, way);
    const there = present(others, image);
    if (there && (await isUp(way, there, tools))) return placeOf(way, there, tools, true);
    const machine = await made(way, image, { ...options, ...tools });
    try {
      await started(way, machine, tools);
    } catch (error) {
      const last = AbortSignal.timeout(lookMs);
      await api.machines.destroy(way.app, machine.id, { force: true, signal: last }).catch(() => undefined);
      throw error;
    }
    return placeOf(way, machine, tools, false);
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
  { progress = silent, ...tools }: Tools & Pick<OutpostsOptions, "progress">,
): Promise<FlyMachine> {
  const name = `outpost-${randomBytes(4).toString("hex")}`;
  progress(`a machine of ${image} goes to the database`);
  const creation = { name, ...(region === null ? {} : { region }), config: configFor(image, name) };
  return madeOnce(app, creation, tools);
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

/** False where the machine that somebody else has sent for does not come up. */
async function isUp(way: FlyWay, machine: FlyMachine, tools: Tools): Promise<boolean> {
  try {
    await started(way, machine, tools);
    return true;
  } catch (error) {
    if (error instanceof OperatorError && error.code === unableCode) return false;
    throw error;
  }
}

async function started(way: FlyWay, of: FlyMachine, tools: Tools): Promise<void> {
  const { api, clock, signal } = tools;
  const end = clock.now() + startMs;
  for (;;) {
    const machine = await api.machines.get(way.app, of.id, { signal });
    if (machine?.state === "started") return;
    if (!machine || !waiting.has(machine.state))
      throw unable(calledOf(way, of), await why(way, of, machine, tools));
    if (clock.now() >= end) throw unable(calledOf(way, of), `it is still ${machine.state}`);
    await clock.sleep(300, signal);
  }
}

async function placeOf(
  way: FlyWay,
  machine: FlyMachine,
  { api, clock }: Tools,
  wasThere: boolean,
): Promise<OutpostPlace> {
  const { app } = way;
  const { id } = machine;
  const called = calledOf(way, machine);
  const command = ["node", `${program}/send.cjs`, socketOf(machine) ?? ""];
  let hasAnswered = wasThere;
  return {
    called,
    wasThere,
    greeting: await outpostGreeting(process.env),
    exchange: async (stdin, { patienceMs, signal }) => {
      const asked = { stdin, timeoutMs: patienceMs + execGraceMs, signal };
      try {
        const { exit_code: code, stdout, stderr } = await api.machines.exec(app, id, command, asked);
        if (code !== 0) throw new Error(stderr.trim() || `its answer ended with ${code}`);
        hasAnswered = true;
        return stdout;
      } catch (error) {
        const look = { api, clock, signal: anySignal([signal, AbortSignal.timeout(lookMs)]) };
        const found = await api.machines.get(app, id, look).catch(() => null);
        // Only what is known to be gone is given up: the rest may be a passing fault.
        if (found === null || found?.state === "started") throw error;
        const words = await why(way, machine, found, look);
        throw hasAnswered ? outpostEnded(called, words) : unable(called, words);
      }
    },
  };
}

function calledOf({ app }: FlyWay, { id }: FlyMachine): string {
  return `machine ${id} of ${app}`;
}

async function why(
  { app }: FlyWay,
  { id }: FlyMachine,
  seen: FlyMachine | undefined,
  tools: Tools,
): Promise<string> {
  const words = await lastWords(app, id, 5, tools, 1).catch(() => []);
  return `${seen ? whyDown(seen) : "it is gone"}${quoted(words)}`;
}

const unableCode = "outpost-unable";

function unable(called: string, why: string): OperatorError {
  return new OperatorError({
    code: unableCode,
    kind: "refused",
    message: `${called}, which was to work at the database, does not: ${why}`,
    remedy:
      "Its image needs `dnd` beside the app: build it with Dockerfile.monitor (app.build.dockerfile), or set database.reach to temporary or listed.",
  });
}
