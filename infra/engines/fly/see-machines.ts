import type { FlyApi, FlyMachine } from "../../drivers/fly-api";
import { fleetOf, imageOf } from "./fleet";
import { judgeMachine, type Verdict } from "./judge-machine";
import { configOf } from "./marks";

/** A machine of an app at Fly, as somebody wants to know of it who looks what runs. */
export interface SeenMachine {
  id: string;
  region: string;
  version: string;
  /** It serves, or rests until somebody asks for it. */
  well: boolean;
  /** "healthy", "rests", or what is wrong with it. */
  says: string;
}

/** The machines of an app, the oldest first. */
export async function seeMachines(api: FlyApi, app: string, signal: AbortSignal): Promise<SeenMachine[]> {
  const { own, passing } = fleetOf(await api.machines.list(app, { signal }));
  return [...own, ...passing].map((machine) => {
    const verdict = verdictOf(machine);
    return {
      ...{ id: machine.id, region: machine.region, version: versionOf(machine) },
      well: verdict.kind === "healthy" || verdict.kind === "resting",
      says: wordsOf(verdict),
    };
  });
}

/** How it is now: what it has died of before, and has come back from, is past. */
function verdictOf(machine: FlyMachine): Verdict {
  const exits = (machine.events ?? []).filter(({ type }) => type === "exit").map(({ id }) => id);
  const past = machine.state === "started" ? exits : exits.slice(1);
  const expected = { version: machine.instance_id, known: new Set(past), toleratedRestarts: Infinity };
  return judgeMachine(machine, expected);
}

function versionOf(machine: FlyMachine): string {
  return configOf(machine).env?.APP_VERSION ?? imageOf(machine);
}

function wordsOf(verdict: Verdict): string {
  if (verdict.kind === "healthy") return "healthy";
  return verdict.kind === "resting" ? "rests" : verdict.reason;
}
