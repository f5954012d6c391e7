import type { Db } from "mongodb";
import type { Progress } from "../../../support";
import { RestoreIncompleteError } from "../errors";
import { SwitchInterruptedError } from "./errors";
import type { JournalEntry, RestoreJournal } from "./journal";
import { shadowName } from "./names";
import { describeStep, type Step } from "./steps";
import { drop, takeStep } from "./take-step";

interface Run {
  db: Db;
  journal: RestoreJournal;
  progress: Progress;
}

/** Completes or takes back what killed runs left: from here on the database is whole. */
export async function recover(run: Run, allowed: { inPlace: boolean }): Promise<void> {
  for (const entry of await run.journal.all()) {
    if (entry.phase === "kept") continue;
    await run.journal.takeOver(entry);
    if (entry.phase === "in-place") {
      if (!allowed.inPlace)
        throw new RestoreIncompleteError(run.db.databaseName, entry.archive, interrupted(entry));
      await run.journal.end(entry);
    } else if (entry.phase === "loading") await takeBack(run, entry);
    else await finish(run, entry);
  }
}

const interrupted = ({ safety }: JournalEntry) =>
  new Error(`a restore in place was interrupted; what stood there is in the archive ${safety ?? ""}`);

/** Nothing but shadows was written. */
export async function takeBack({ db, journal, progress }: Run, entry: JournalEntry): Promise<void> {
  const prefix = shadowName(entry._id, "");
  for (const { name } of await db.listCollections({}, { nameOnly: true }).toArray())
    if (name.startsWith(prefix)) {
      progress(`removing ${name}, which an interrupted restore left`);
      await drop(db, name);
    }
  await journal.end(entry);
}

/** Goes on with the steps of whatever phase an entry is in, and says so where it fails. */
export async function finish(run: Run, entry: JournalEntry): Promise<void> {
  const { plan, phase } = entry;
  const isSwitch = phase === "switching";
  const steps = isSwitch ? plan.steps : phase === "undoing" ? plan.undo : plan.confirm;
  await run.journal.whileAlive(entry, () => takeSteps(run, entry, steps));
  const canBeUndone = plan.undo.some((step) => step.do !== "drop");
  if (isSwitch && canBeUndone) await run.journal.set(entry, { phase: "kept", done: 0 });
  else await run.journal.end(entry);
}

async function takeSteps(
  { db, journal, progress }: Run,
  entry: JournalEntry,
  steps: readonly Step[],
): Promise<void> {
  for (const [at, step] of steps.entries()) {
    if (at < entry.done) continue;
    const count = { current: at, total: steps.length, unit: "items" as const };
    progress(`${entry.phase}: ${describeStep(step)}`, count);
    try {
      await takeStep(db, step);
    } catch (error) {
      throw new SwitchInterruptedError(db.databaseName, describeStep(step), error);
    }
    progress(`${entry.phase}: done ${describeStep(step)}`, count);
    await journal.set(entry, { done: at + 1 });
  }
}
