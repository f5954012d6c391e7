import { z } from "zod";
import {
  exitInWords,
  lastLines,
  probe,
  type ControlClient,
  type MachineSpec,
  type MachineView,
} from "../../drivers/processes";
import { DeadlineError, waitFor } from "../../support";
import { MachineFailure } from "./errors";

const answersInARow = 3;
const askMs = 2000;
const shownLines = 15;
const healthSchema = z.object({ version: z.string() });

export interface HealthOptions {
  timeoutMs: number;
  signal: AbortSignal;
  /** Takes what is secret out of the lines of a log. */
  clean: (text: string) => string;
}

/** The machine as the host knows it now. */
export async function machineOf(host: ControlClient, id: string): Promise<MachineView | undefined> {
  return (await host.view()).machines.find((one) => one.spec.id === id);
}

/**
 * Waits until a machine answers well, several times in a row and as the version that it is. A new machine that ends
 * has failed at once; one that has served is given its restarts.
 */
export async function becomeHealthy(
  host: ControlClient,
  spec: MachineSpec,
  kind: "new" | "known",
  options: HealthOptions,
): Promise<MachineView> {
  const { id } = spec;
  let inARow = 0;
  let last = "it was never asked";
  let seen = { spec, log: "" };
  const look = async () => {
    const machine = await machineOf(host, id);
    seen = machine ?? seen;
    if (!machine || hasEnded(machine) || (kind === "new" && machine.exit))
      throw await machineFailure(seen, ended(machine), options);
    const answer = await askVersion(machine);
    last = answer ?? "";
    inARow = answer === undefined ? inARow + 1 : 0;
    return inARow >= answersInARow && machine.health.status === "passing" ? machine : undefined;
  };
  try {
    const { timeoutMs, signal } = options;
    return await waitFor(look, { what: `${id} to be healthy`, timeoutMs, intervalMs: 50, signal });
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    const seconds = options.timeoutMs / 1000;
    const what = `was not healthy after ${seconds}s: ${options.clean(last)}`;
    throw await machineFailure(seen, what, options, error);
  }
}

/** Asks a machine once whether its process lives. */
export async function isAnswering({ port, spec }: MachineView): Promise<boolean> {
  return port !== null && spec.check !== null && (await probe(port, spec.check.path, askMs)).ok;
}

function hasEnded(machine: MachineView): boolean {
  return machine.state === "failed" || machine.state === "stopped" || machine.state === "stopping";
}

function ended(machine: MachineView | undefined): string {
  if (!machine) return "is gone";
  return machine.exit ? `${exitInWords(machine.exit)} before it was healthy` : "could not be started";
}

/** Undefined when all is well; else what is wrong. */
async function askVersion(machine: MachineView): Promise<string | undefined> {
  if (machine.state !== "started" || machine.port === null) return `it is ${machine.state}`;
  const answer = await probe(machine.port, "/api/health", askMs);
  if (!answer.ok) return `its health answers ${answer.output}`;
  const version = versionIn(answer.body);
  const expected = machine.spec.metadata.version;
  return version === expected ? undefined : `it says that it is version ${version}, not ${expected}`;
}

function versionIn(body: string): string {
  try {
    return healthSchema.parse(JSON.parse(body)).version;
  } catch {
    return "unknown";
  }
}

/** What became of a machine, with the last lines of its log. */
export async function machineFailure(
  machine: Pick<MachineView, "spec" | "log">,
  what: string,
  options: Pick<HealthOptions, "clean">,
  cause?: unknown,
): Promise<MachineFailure> {
  const lines = await lastLines(machine.log, shownLines);
  return new MachineFailure({
    machine: machine.spec.id,
    version: machine.spec.metadata.version ?? "unknown",
    what,
    lines: lines.map(options.clean),
    cause,
  });
}
