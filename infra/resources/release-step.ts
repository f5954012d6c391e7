import type { DatabaseAddress } from "../drivers/mongo";
import { messageOf, OperatorError } from "../support";
import { blamesImage, quarantineFailed } from "./bad-image";
import { whileBeating } from "./release-heartbeat";

type Journal = typeof import("../engines/release");
type Mongo = typeof import("../drivers/mongo");

const windows = () => require("./maintenance-window") as typeof import("./maintenance-window");

/** Runs work with the operations' database of the release journal, and closes the connection. */
export function withJournal<T>(
  address: DatabaseAddress,
  work: (ops: import("mongodb").Db, journal: Journal, client: import("mongodb").MongoClient) => Promise<T>,
): Promise<T> {
  const { atDatabase } = require("../drivers/mongo") as Mongo;
  return atDatabase(address, "migration", {}, ({ ops, client }) =>
    work(ops, require("../engines/release") as Journal, client),
  );
}

interface ReleaseStep {
  address: DatabaseAddress;
  release: number;
  stack: string;
  name: string;
  inputs: Record<string, unknown>;
}

/** The step of a release that a resource is, by its inputs; other resources are none. */
export function stepOf(inputs: Record<string, unknown>): ReleaseStep | undefined {
  const { release, address, self } = inputs;
  if (typeof release !== "number" || typeof address !== "object" || address === null) return undefined;
  const urn = String(self).split("::");
  const stack = urn[0]?.split(":").at(-1) ?? "";
  return { release, address: address as DatabaseAddress, stack, name: urn.at(-1) ?? "step", inputs };
}

/** Does a step of a release and writes its outcome and time into the journal, so that a failed release says where. */
export async function asReleaseStep<T>(step: ReleaseStep | undefined, work: () => Promise<T>): Promise<T> {
  if (!step) return work();
  const started = Date.now();
  const record = (outcome: "done" | "failed", error?: string) => {
    const entry = { name: step.name, outcome, at: new Date(started), durationMs: Date.now() - started };
    return withJournal(step.address, (ops, journal) => journal.recordStep(ops, step.release, entry, error));
  };
  try {
    await windows().beforeStep(step);
    const result = await whileBeating(() => beat(step), work);
    await windows().afterStep(step);
    await record("done");
    return result;
  } catch (thrown) {
    const error = explained(thrown, step);
    // The step's own error counts; a journal that cannot be reached is seen by the next plan as a release left open.
    // All at once: where the database is lost, each of them waits for it.
    const [endedWell] = await Promise.all([
      hasEndedWell(step),
      record("failed", messageOf(error)).catch(() => undefined),
      windows()
        .afterFailure(step, error)
        .catch(() => undefined),
      blamesImage(error) ? quarantine(step, messageOf(error)).catch(() => undefined) : undefined,
    ]);
    throw endedWell ? error : withWayOn(error, step);
  }
}

function beat({ address, release }: ReleaseStep): Promise<void> {
  return withJournal(address, (ops, journal) => journal.beatRelease(ops, release));
}

/** A connection that broke in the middle of a step is as much the operator's to mend as one that was never made. */
function explained(error: unknown, { address }: ReleaseStep): unknown {
  const { connectionFailure } = require("../drivers/mongo") as Mongo;
  return error instanceof OperatorError ? error : connectionFailure(error, address, "migration");
}

/** A later run that only mends a release which ended well leaves nothing behind that could be taken back. */
function hasEndedWell({ address, release }: ReleaseStep): Promise<boolean> {
  return withJournal(address, async (ops, journal) => {
    return (await journal.findRelease(ops, release))?.state === "done";
  }).catch(() => false);
}

function quarantine({ address, release }: ReleaseStep, reason: string): Promise<void> {
  return withJournal(address, (ops, journal) => quarantineFailed(ops, journal, release, reason));
}

/** Plain Pulumi can run nothing after a failure: its error ends with the one command that takes back what is left. */
function withWayOn(error: unknown, { release, stack, name }: ReleaseStep): unknown {
  const changesNothing = name === "preflight" || name === "backup";
  if (!(error instanceof OperatorError) || process.env.DND_RUN_BY || changesNothing) return error;
  const { code, kind, remedy } = error;
  const way = `\`dnd rollback full --stack ${stack}\` takes back what release ${release} left behind.`;
  const message = error.message.replace(`\n  ${remedy}`, "");
  return new OperatorError({ code, kind, message, remedy: `${remedy}\n  ${way}`, cause: error });
}
