import type { FlyMachine } from "../../drivers/fly-api";
import { formatDuration } from "../../support";
import type { Deployment } from "./deployment";
import { MachineUnwell } from "./errors";
import { lastWords, quoted } from "./last-words";
import { judgeMachine, type Expectation, type Verdict } from "./judge-machine";
import { configOf } from "./marks";
import { whatListens } from "./what-listens";

/** From a write to the first list that must know of the machine. */
const unlistedMs = 15_000;

/** Waits until the machine of a write is healthy and stays so for the time of the bake; throws as soon as it cannot be. */
export async function awaitHealthy(
  deployment: Deployment,
  written: FlyMachine,
  known: ReadonlySet<string> = eventsOf(written),
): Promise<FlyMachine> {
  const { wish, watch, clock, signal } = deployment;
  const { timeoutMs, bakeMs, toleratedRestarts } = wish.gate;
  const expected: Expectation = { version: written.instance_id, known, toleratedRestarts };
  const since = clock.now();
  let healthySince: number | undefined;
  let last: Waiting = { reason: "it has not been seen yet" };
  const healthy = await watch.until(
    written.id,
    async (machine) => {
      const verdict = machine ? judgeMachine(machine, expected) : unlisted(clock.now() - since);
      const sure = await confirm(deployment, written, expected, verdict);
      if (sure.kind === "failed")
        throw new MachineUnwell(written.id, sure.reason + (await saidLast(deployment, written.id)));
      // What it once answered stands when it falls silent.
      if (sure.kind === "waiting" && (sure.proven || !last.proven)) last = sure;
      // One that rests for want of traffic has been healthy, or it still has to show that it is.
      if (sure.kind === "resting" && healthySince === undefined) await wake(deployment, written.id);
      if (sure.kind === "waiting" || (sure.kind === "resting" && healthySince === undefined)) {
        healthySince = undefined;
        return undefined;
      }
      healthySince ??= clock.now();
      return sure.kind === "resting" || clock.now() - healthySince >= bakeMs ? machine : undefined;
    },
    { timeoutMs, signal },
  );
  if (healthy) return healthy;
  const listens = await whatListens(deployment, written.id, configOf(written));
  const reason = `not healthy after ${formatDuration(timeoutMs)}: ${last.reason}${listens ? `; ${listens.told}` : ""}${await saidLast(deployment, written.id)}`;
  throw new MachineUnwell(written.id, reason, last.proven === true || listens?.elsewhere === true);
}

interface Waiting {
  reason: string;
  proven?: true;
}

async function saidLast({ wish, api, clock, signal }: Deployment, machine: string): Promise<string> {
  return quoted(await lastWords(wish.app, machine, 3, { api, clock, signal }));
}

export function eventsOf(machine: FlyMachine): Set<string> {
  return new Set((machine.events ?? []).map(({ id }) => id));
}

function unlisted(sinceMs: number): Verdict {
  if (sinceMs < unlistedMs) return { kind: "waiting", reason: "no list shows it yet" };
  return { kind: "other-version", reason: "it is gone" };
}

/** A list may be behind: what is gone or of another version there is looked at by itself before it counts. */
async function confirm(
  { api, wish, signal }: Deployment,
  written: FlyMachine,
  expected: Expectation,
  verdict: Verdict,
): Promise<Verdict> {
  if (verdict.kind !== "other-version") return verdict;
  const machine = await api.machines.get(wish.app, written.id, { signal });
  if (!machine || machine.state === "destroyed") return { kind: "failed", reason: "it is gone" };
  const sure = judgeMachine(machine, expected);
  return sure.kind === "other-version" ? { kind: "failed", reason: sure.reason } : sure;
}

async function wake({ api, wish, lock, signal }: Deployment, machine: string): Promise<void> {
  await api.machines
    .start(wish.app, machine, { nonce: lock.nonceFor(machine), signal })
    .catch(() => signal.throwIfAborted());
}
