import type { FlyMachine, MachineEvent } from "../../drivers/fly-api";
import { hasChecks } from "./fleet";
import { configOf } from "./marks";

/** What a machine is held against after a write. */
export interface Expectation {
  version: string;
  /** Events that were there before the write, or came with its answer. */
  known: ReadonlySet<string>;
  toleratedRestarts: number;
}

export type Verdict =
  | { kind: "healthy" }
  /** Proven: it has answered, and wrongly. Silence alone says nothing against its image. */
  | { kind: "waiting"; reason: string; proven?: true }
  /** It rests although nobody asked it to: the proxy, for want of traffic. */
  | { kind: "resting" }
  /** Another version than the one that was written; a list may lag, so look again before believing it. */
  | { kind: "other-version"; reason: string }
  | { kind: "failed"; reason: string };

/** Judges one look at a machine, and nothing else. */
export function judgeMachine(machine: FlyMachine, expected: Expectation): Verdict {
  if (machine.instance_id !== expected.version) {
    const reason = `it runs version ${machine.instance_id} of ${configOf(machine).image ?? "no image"}, not the one that was written`;
    return { kind: "other-version", reason };
  }
  const crashes = newExits(machine, expected).filter((one) => !one.asked);
  const deadly = crashes.find(({ oom }) => oom) ?? crashes[expected.toleratedRestarts];
  if (deadly && (deadly.oom || deadly.code !== 0)) return { kind: "failed", reason: deadly.words };
  if (machine.state === "failed") return { kind: "failed", reason: unlaunched(machine) };
  if (machine.state === "stopped" || machine.state === "suspended") return atRest(machine, crashes);
  if (machine.state !== "started") return { kind: "waiting", reason: `it is ${machine.state}` };
  return byChecks(machine);
}

function atRest(machine: FlyMachine, crashes: Exit[]): Verdict {
  const [last] = crashes;
  if (!last) return { kind: "resting" };
  // A job that is not to be started again has done its work when it ends well.
  if (last.code === 0 && configOf(machine).restart?.policy === "no") return { kind: "healthy" };
  return { kind: "failed", reason: `${last.words}, and it stays down` };
}

function byChecks(machine: FlyMachine): Verdict {
  if (!hasChecks(machine)) return { kind: "healthy" };
  const checks = machine.checks ?? [];
  const bad = checks.find(({ status }) => status !== "passing");
  if (bad) {
    const output = (bad.output ?? "").trim().slice(0, 200);
    const reason = `check ${bad.name} is ${bad.status}${output ? `: ${output}` : ""}`;
    return { kind: "waiting", reason, ...(output !== "" && !isSilence(output) && { proven: true }) };
  }
  return checks.length > 0 ? { kind: "healthy" } : { kind: "waiting", reason: "no check has reported yet" };
}

/** What a check writes down where nobody has answered it, or only to say that the database is away. */
function isSilence(output: string): boolean {
  return /refused|reset|timed? ?out|deadline|unreachable|no answer|no connection|not run yet|"disconnected"/i.test(
    output,
  );
}

interface Exit {
  asked: boolean;
  code: number;
  oom: boolean;
  words: string;
}

function newExits(machine: FlyMachine, { known }: Expectation): Exit[] {
  return (machine.events ?? []).filter((one) => one.type === "exit" && !known.has(one.id)).map(exitOf);
}

function exitOf(event: MachineEvent): Exit {
  const exit = event.request?.MonitorEvent?.exit_event ?? event.request?.exit_event ?? {};
  const code = exit.guest_exit_code || exit.exit_code || 0;
  const signal = exit.guest_signal && exit.guest_signal > 0 ? exit.guest_signal : exit.signal;
  const oom = exit.oom_killed === true;
  const by = signal && signal > 0 ? ` by signal ${signal}` : "";
  const words = oom ? "it ran out of memory" : `it ended${by} with exit code ${code}`;
  return { asked: exit.requested_stop === true, code, oom, words };
}

function unlaunched(machine: FlyMachine): string {
  const event = (machine.events ?? []).find(({ status }) => status === "failed");
  const said = (event?.request as { error?: unknown } | null | undefined)?.error;
  return `it could not be launched${typeof said === "string" ? `: ${said}` : ""}`;
}

/** Why a machine does not run that nobody has stopped. */
export function whyDown(machine: FlyMachine): string {
  return (
    endOf(machine)?.words ?? (machine.state === "failed" ? unlaunched(machine) : `it is ${machine.state}`)
  );
}

/** The exit of a machine that has ended by itself; undefined while it has not. */
export function endOf(machine: FlyMachine): { code: number; oom: boolean; words: string } | undefined {
  return newExits(machine, { version: "", known: new Set(), toleratedRestarts: 0 })[0];
}
