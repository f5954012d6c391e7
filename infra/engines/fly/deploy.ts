import { randomBytes } from "node:crypto";
import { LeaseLost, type FlyApi, type FlyMachine } from "../../drivers/fly-api";
import { messageOf, silent, systemClock, type Clock, type Progress } from "../../support";
import { createFirst } from "./create-first";
import type { Deployment } from "./deployment";
import { DeploymentLock } from "./deployment-lock";
import { hostAnswers, type Fleet } from "./fleet";
import { FleetWatch } from "./fleet-watch";
import { hideOld, showLeftHidden } from "./hide-old";
import { LeaseNote } from "./lease-note";
import { Ledger } from "./ledger";
import { marksOf } from "./marks";
import { NotedRelease } from "./noted-release";
import { VolumesOfRun } from "./volumes";
import { DeploymentImpossible } from "./errors";
import { observeFleet } from "./observe-fleet";
import { runReleaseCommand } from "./operations";
import { planDeployment, type Operation, type Plan } from "./plan-deployment";
import { proveMachines, removeMachines, type Leftover } from "./finish";
import { roomFor } from "./room";
import { refuseOtherLeases } from "./refuse-other-leases";
import { returnToOld } from "./return-to-old";
import { canBeDoubled } from "./strategies/change";
import { runStrategy } from "./strategies/run-strategy";
import { wantsVolumes, type DeployWish } from "./wish";

export interface DeployOptions {
  api: FlyApi;
  clock?: Clock;
  signal?: AbortSignal | undefined;
  progress?: Progress;
  /** How long another deployment of the app is waited for; 45 s unless told otherwise, longer than a lease of the dead. */
  lockPatienceMs?: number;
  /** The folder where leases are noted while they are held, for whoever comes after a process that was killed; nowhere unless given. */
  notes?: string;
}

export interface Deployed {
  plan: Plan;
  /** What could not be tidied: the next run does it. */
  leftovers: Leftover[];
}

const usualPatienceMs = 45_000;

/** Brings an app's machines to what is wanted; when that fails, back to what they were. Run again, it changes nothing. */
export async function deploy(wish: DeployWish, options: DeployOptions): Promise<Deployed> {
  const { api, clock = systemClock, progress = silent } = options;
  const asked = options.signal ?? new AbortController().signal;
  const volumes = wantsVolumes(wish);
  const seen = await observeFleet({ api, app: wish.app, clock, signal: asked, volumes });
  const ahead = planDeployment(wish, seen);
  if (ahead.obstacles.length > 0) throw new DeploymentImpossible(wish.app, ahead.obstacles);
  if (!hasWork(ahead, seen)) return { plan: ahead, leftovers: [] };
  await refuseWithoutRoom(ahead, wish, { api, signal: asked, progress });

  const patienceMs = options.lockPatienceMs ?? usualPatienceMs;
  const note = options.notes === undefined ? undefined : new LeaseNote(options.notes, wish.app);
  const lock = new DeploymentLock({ api, app: wish.app, clock, signal: asked, progress, patienceMs, note });
  const signal = AbortSignal.any([asked, lock.lost]);
  const list = async () => {
    const machines = await api.machines.list(wish.app, { signal, includeLeases: true });
    lock.witness(machines);
    return machines;
  };
  const get = (machine: string) => api.machines.get(wish.app, machine, { signal });
  const watch = new FleetWatch({ list, get }, clock);
  const id = randomBytes(6).toString("hex");
  const deployment: Deployment = {
    ...{ id, api, wish, clock, lock, watch, signal, progress },
    release: new NotedRelease({ api, signal, progress }),
    ledger: new Ledger(),
    volumes: new VolumesOfRun(),
  };
  try {
    // A host that does not answer gives no lease either.
    const oldest = seen.own.find(hostAnswers) ?? seen.own[0];
    if (oldest) await lock.take(oldest.id);
    return await deployLocked(deployment);
  } finally {
    await lock.release();
  }
}

/** Before anything is touched: what finds no room would only be found out half-way. */
async function refuseWithoutRoom(
  plan: Plan,
  wish: DeployWish,
  { api, signal, progress }: { api: FlyApi; signal: AbortSignal; progress: Progress },
): Promise<void> {
  const { moving, lacking } = await roomFor(plan, wish, { api, signal });
  if (lacking.length > 0) throw new DeploymentImpossible(wish.app, lacking);
  for (const one of moving) progress(one);
}

function hasWork({ operations }: Plan, { own, passing }: Fleet): boolean {
  return operations.length > 0 || passing.length > 0 || own.some((one) => marksOf(one).isHidden);
}

async function deployLocked(deployment: Deployment): Promise<Deployed> {
  const { wish, release } = deployment;
  // What was seen before the lock was ours may be another's past.
  const fleet = await observeFleet({ ...deployment, app: wish.app, volumes: wantsVolumes(wish) });
  refuseOtherLeases(deployment, fleet);
  await showLeftHidden(deployment, fleet.own);
  const plan = planDeployment(wish, fleet);
  if (plan.obstacles.length > 0) throw new DeploymentImpossible(wish.app, plan.obstacles);
  await release.begin(wish);
  try {
    const deployed = await carryOut(deployment, plan, fleet);
    await release.end("complete");
    return deployed;
  } catch (error) {
    await release.end("failed");
    throw error;
  }
}

async function carryOut(deployment: Deployment, plan: Plan, fleet: Fleet): Promise<Deployed> {
  const { wish, signal, progress } = deployment;
  try {
    await beforeAll(deployment, plan);
    const changes = await createFirst(deployment, plan);
    await removeMachines(deployment, stale(wish, fleet));
    await runStrategy(deployment, changes, fleet);
    if (isHeldBack(wish)) return { plan, leftovers: [] };
    if (wish.verify) {
      await hideOld(deployment, replaced(wish, plan));
      await wish.verify(signal);
    }
  } catch (error) {
    // Without the lock, or after an interruption, nothing more is written: the next run takes this up.
    signal.throwIfAborted();
    if (error instanceof LeaseLost) throw error;
    progress(`it failed: ${messageOf(error).split("\n")[0]}`);
    return await returnToOld(deployment, error);
  }
  const { left, helpers } = await proveMachines(deployment);
  const old = [...replaced(wish, plan), ...helpers];
  return { plan, leftovers: [...left, ...(await removeMachines(deployment, old, drainOf(wish)))] };
}

/** The command of the release runs under the lock, on its own machine, before any other machine is touched. */
async function beforeAll({ api, wish, clock, signal, progress }: Deployment, plan: Plan): Promise<void> {
  const { releaseCommand, secrets, app } = wish;
  const first = plan.operations.find((one) => one.kind === "update" || one.kind === "create");
  if (!releaseCommand || !first) return;
  const { config, region } = first.to;
  const command = { app, config, region, ...releaseCommand, secretsVersion: secrets?.version };
  await runReleaseCommand(command, { api, clock, signal, progress });
}

/** What an interrupted run left behind and this one has no use for; unknown to the proxy, or one canary among many. */
function stale({ strategy }: DeployWish, { passing }: Fleet): FlyMachine[] {
  return passing.filter((one) => strategy.kind !== "bluegreen" || marksOf(one).role !== "green");
}

function replaced({ strategy }: DeployWish, { operations }: Plan): FlyMachine[] {
  const isReplaced = (one: Operation) =>
    one.kind === "replace" ||
    one.kind === "remove" ||
    (one.kind === "update" && strategy.kind === "bluegreen" && canBeDoubled(one));
  return operations.flatMap((one) => ("machine" in one && isReplaced(one) ? one.machine : []));
}

function isHeldBack({ strategy }: DeployWish): boolean {
  return strategy.kind === "bluegreen" && strategy.until === "healthy";
}

function drainOf({ strategy }: DeployWish): number {
  return strategy.kind === "bluegreen" ? strategy.drainMs : 0;
}
