import { randomBytes } from "node:crypto";
import {
  Aborted,
  FlyRefused,
  NoCapacity,
  UnknownOutcome,
  VersionStale,
  type FlyMachine,
  type MachineConfig,
} from "../../drivers/fly-api";
import type { Deployment } from "./deployment";
import { AnotherDeployment } from "./errors";
import { configOf, markedForHome, markedForWrite, marksOf, type Role } from "./marks";
import type { Target } from "./plan-deployment";
import { ensureVolume, withVolume } from "./volumes";

const pauseMs = 1000;
const busyTries = 30;
const unknownTries = 4;
const leaseSeconds = 30;

interface UpdateOptions {
  /** Until it is proven; undefined for a version that is. */
  before: string | undefined;
  /** Whether the machine runs after it. */
  launch: boolean;
}

/** Writes a whole configuration over the version that was seen, and over no other; an answer that is lost is looked up. */
export async function updateMachine(
  deployment: Deployment,
  machine: FlyMachine,
  config: MachineConfig,
  { before, launch }: UpdateOptions,
): Promise<FlyMachine> {
  const { api, wish, lock, signal, id } = deployment;
  const write = `${id}.${randomBytes(4).toString("hex")}`;
  const change = {
    config: markedForWrite(config, write, before),
    ...(launch ? {} : { skip_launch: true }),
    ...secretsOf(deployment),
    current_version: machine.instance_id,
  };
  return untilKnown(deployment, async () => {
    lock.assertHeld();
    try {
      return await api.machines.update(wish.app, machine.id, change, {
        nonce: lock.nonceFor(machine.id),
        signal,
      });
    } catch (error) {
      if (!(error instanceof UnknownOutcome || error instanceof VersionStale)) throw error;
      const now = await api.machines.get(wish.app, machine.id, { signal });
      if (now && marksOf(now).write === write) return now;
      throw error;
    }
  });
}

interface CreateOptions {
  role?: Role;
  /** The proxy does not know it until it is told to. */
  unregistered?: boolean;
  /** With a lease, for a deployment that has none yet. */
  leased?: boolean;
  before?: string;
}

/** What is to be made, and where. */
type Making = Pick<Target, "region" | "config" | "volume">;

/** Makes a machine where it is to be, or where there is room for it. */
export async function createMachine(
  deployment: Deployment,
  name: string,
  wanted: Making,
  options: CreateOptions = {},
): Promise<FlyMachine> {
  const { wish, progress } = deployment;
  const others = wanted.volume ? [] : (wish.fallbackRegions ?? []).filter((one) => one !== wanted.region);
  for (const region of [wanted.region, ...others]) {
    const making = region === wanted.region ? wanted : awayFrom(wanted, region);
    try {
      return await createIn(deployment, name, making, options);
    } catch (error) {
      if (!(error instanceof NoCapacity) || region === [wanted.region, ...others].at(-1)) throw error;
      progress(`${region} has no room for ${name}: trying the next region`);
    }
  }
  throw new Error("there is a region at the least");
}

/** It keeps the region whose machine it is, even where that was no longer its own. */
function awayFrom(wanted: Making, region: string): Making {
  const home = wanted.config.metadata?.dnd_place ?? wanted.region;
  return { ...wanted, region, config: markedForHome(wanted.config, home) };
}

/** Makes a machine of a name that nobody else can take: so there is one, however often the answer is lost. */
async function createIn(
  deployment: Deployment,
  name: string,
  wanted: Making,
  options: CreateOptions,
): Promise<FlyMachine> {
  const { api, wish, lock, signal, id, release } = deployment;
  const volume = wanted.volume && (await ensureVolume(deployment, wanted.volume));
  const config = volume === undefined ? wanted.config : withVolume(wanted.config, volume);
  const creation = {
    name,
    region: wanted.region,
    config: markedForWrite(release.marked(config), id, options.before ?? "none", options.role),
    ...(options.unregistered ? { skip_service_registration: true } : {}),
    ...(options.leased ? { lease_ttl: leaseSeconds } : {}),
    ...secretsOf(deployment),
  };
  return untilKnown(deployment, async () => {
    lock.assertHeld();
    try {
      return await api.machines.create(wish.app, creation, { signal });
    } catch (error) {
      if (!isTaken(error)) throw error;
      return await findMade(deployment, name);
    }
  });
}

/** The machine of that name, which the list may show only after a while. */
async function findMade(deployment: Deployment, name: string): Promise<FlyMachine> {
  const { api, wish, clock, signal, id, lock } = deployment;
  for (let tries = 0; tries < busyTries; tries++) {
    const found = (await api.machines.list(wish.app, { signal })).find((one) => one.name === name);
    // Under our lock nobody else makes machines: then an interrupted run has made it.
    if (found && (marksOf(found).write === id || lock.isHeld)) return found;
    if (found) throw new AnotherDeployment(wish.app, `machine ${name} has just been made`);
    await clock.sleep(pauseMs, signal);
  }
  throw new AnotherDeployment(wish.app, `there is a machine ${name} that no list shows`);
}

function isTaken(error: unknown): boolean {
  return (
    error instanceof FlyRefused &&
    /already.exists|unique machine name|volume is currently bound/i.test(error.said)
  );
}

/** Repeats what is safe to repeat: a write whose outcome was looked up, and one that found the machine busy. */
async function untilKnown<T>({ clock, signal }: Deployment, write: () => Promise<T>): Promise<T> {
  for (let unknown = 0, busy = 0; ;) {
    try {
      return await write();
    } catch (error) {
      const again =
        error instanceof UnknownOutcome
          ? ++unknown < unknownTries
          : error instanceof Aborted && ++busy < busyTries;
      if (!again) throw error;
    }
    await clock.sleep(pauseMs, signal);
  }
}

function secretsOf({ wish }: Deployment): { min_secrets_version?: number } {
  return wish.secrets?.version === undefined ? {} : { min_secrets_version: wish.secrets.version };
}

/** Brings the machine to the wanted configuration and notes how to bring it back. */
export async function changeMachine(
  deployment: Deployment,
  machine: FlyMachine,
  config: MachineConfig,
  launch: boolean,
): Promise<FlyMachine> {
  // What an interrupted run had written over a proven version is no version to come back to.
  const before = marksOf(machine).before ?? machine.instance_id;
  const wanted = deployment.release.marked(config);
  const now = await updateMachine(deployment, machine, wanted, { before, launch });
  deployment.ledger.note({ kind: "updated", now, found: machine, before: provenConfig(deployment, machine) });
  return now;
}

/** How to find the last proven configuration of a machine as it was found. */
export function provenConfig(
  { api, wish }: Deployment,
  machine: FlyMachine,
): () => Promise<MachineConfig | undefined> {
  const { before } = marksOf(machine);
  if (before === undefined) return () => Promise.resolve(configOf(machine));
  if (before === "none") return () => Promise.resolve(undefined);
  return async () => {
    const versions = await api.machines.versions(wish.app, machine.id);
    // Fly forgets old versions; what was found is then the best that is known.
    return versions.find(({ version }) => version === before)?.user_config ?? configOf(machine);
  };
}

/** Makes a machine and notes that it is to go if the deployment fails. */
export async function addMachine(
  deployment: Deployment,
  name: string,
  wanted: Making,
  options: CreateOptions = {},
): Promise<FlyMachine> {
  const now = await createMachine(deployment, name, wanted, options);
  deployment.ledger.note({ kind: "created", now, found: now, before: () => Promise.resolve(undefined) });
  return now;
}
