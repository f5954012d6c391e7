import { z } from "zod";
import {
  exitInWords,
  lastLines,
  probe,
  type ControlClient,
  type MachineSpec,
  type MachineView,
} from "../../drivers/processes";
import { DeadlineError, formatDuration, waitFor } from "../../support";
import { MachineFailure } from "./errors";

const answersInARow = 3;
const askMs = 2000;
const shownLines = 15;
/** A database that stays away so long is not waited for to the end; one that has served is not to blame for it. */
const databaseAwayMs = { new: 15_000, known: 5000 };
const healthSchema = z.object({ version: z.string(), database: z.string().optional() });

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
  let last: Answer = { wrong: "it was never asked", proven: false };
  let awaySince: number | undefined;
  let seen = { spec, log: "" };
  const look = async () => {
    const machine = await machineOf(host, id);
    seen = machine ?? seen;
    if (!machine || hasEnded(machine) || (kind === "new" && machine.exit))
      throw await machineFailure(seen, ended(machine), options);
    const answer = await askVersion(machine);
    // What it once said stands when it falls silent; that all is well takes it back.
    if (answer === undefined || answer.proven || !last.proven) last = answer ?? wellOnce;
    inARow = answer === undefined ? inARow + 1 : 0;
    awaySince = answer?.databaseAway ? (awaySince ?? performance.now()) : undefined;
    if (awaySince !== undefined && performance.now() - awaySince > databaseAwayMs[kind]) {
      const what = `has been without its database for ${formatDuration(databaseAwayMs[kind])}: ${options.clean(last.wrong)}`;
      throw await machineFailure(seen, what, options, { proven: last.proven });
    }
    return inARow >= answersInARow && machine.health.status === "passing" ? machine : undefined;
  };
  try {
    const { timeoutMs, signal } = options;
    return await waitFor(look, { what: `${id} to be healthy`, timeoutMs, intervalMs: 50, signal });
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    const seconds = options.timeoutMs / 1000;
    const what = `was not healthy after ${seconds}s: ${options.clean(last.wrong)}`;
    throw await machineFailure(seen, what, options, { cause: error, proven: last.proven });
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

/** What is wrong, and whether it proves anything against the image: silence does not, nor does a database that is away. */
interface Answer {
  wrong: string;
  proven: boolean;
  databaseAway?: boolean;
}

const wellOnce: Answer = { wrong: "it was well, and not for long enough", proven: false };

/** Undefined when all is well. */
async function askVersion(machine: MachineView): Promise<Answer | undefined> {
  if (machine.state !== "started" || machine.port === null)
    return { wrong: `it is ${machine.state}`, proven: false };
  const { ok, heard, body, output } = await probe(machine.port, "/api/health", askMs);
  const said = saidIn(body);
  if (!ok) {
    const databaseAway = heard && said?.database === "disconnected";
    return { wrong: `its health answers ${output}`, proven: heard && !databaseAway, databaseAway };
  }
  const expected = machine.spec.metadata.version;
  if (said?.version === expected) return undefined;
  return {
    wrong: `it says that it is version ${said?.version ?? "unknown"}, not ${expected}`,
    proven: true,
  };
}

function saidIn(body: string): z.infer<typeof healthSchema> | undefined {
  try {
    return healthSchema.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}

/** What became of a machine, with the last lines of its log. */
export async function machineFailure(
  machine: Pick<MachineView, "spec" | "log">,
  what: string,
  options: Pick<HealthOptions, "clean">,
  { proven, cause }: { proven: boolean; cause?: unknown } = { proven: true },
): Promise<MachineFailure> {
  const lines = await lastLines(machine.log, shownLines);
  return new MachineFailure({
    machine: machine.spec.id,
    version: machine.spec.metadata.version ?? "unknown",
    what,
    lines: lines.map(options.clean),
    proven,
    cause,
  });
}
