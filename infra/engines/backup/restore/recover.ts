import { retry, shadowName } from "../../../support";
import { RestoreIncompleteError } from "../errors";
import { isFailover, isPassing } from "../server-failures";
import { SwitchInterruptedError } from "./errors";
import type { Run as WholeRun } from "./into-database";
import type { JournalEntry } from "./journal";
import { describeStep, type Step } from "./steps";
import { drop, takeStep } from "./take-step";

type Run = Omit<WholeRun, "half">;

/** Completes or takes back what killed runs left; only restores in place stay half, and those are given back. */
export async function recover(run: Run): Promise<JournalEntry[]> {
  for (const entry of await run.journal.all()) {
    if (entry.phase === "kept") continue;
    await run.journal.takeOver(entry);
    if (entry.phase === "loading") await takeBack(run, entry);
    else if (entry.phase !== "in-place") await finish(run, entry);
  }
  return (await run.journal.all()).filter(({ phase }) => phase === "in-place");
}

/** Whatever is done with half a database but restoring all of it anew would make it look whole. */
export function refuseHalf(database: string, [half]: readonly JournalEntry[]): void {
  if (!half) return;
  const why = `a restore in place was interrupted; what stood there is in the archive ${half.safety ?? ""}`;
  throw new RestoreIncompleteError(database, half.archive, new Error(why));
}

/** Nothing but shadows was written. */
export async function takeBack({ db, journal, progress }: Run, entry: JournalEntry): Promise<void> {
  // The answer to the switch's beginning may have got lost: nobody may go on with it once shadows are gone.
  await journal.set(entry, { phase: "loading" });
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
  if (isSwitch) await run.journal.heal(entry);
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
      // Each step may be done a second time: servers that choose another primary in its middle cost nothing.
      await retry(() => takeStep(db, step), {
        attempts: 3,
        firstDelayMs: 500,
        retryable: (error) => isPassing(error) || isFailover(error),
      });
    } catch (error) {
      throw new SwitchInterruptedError(db.databaseName, describeStep(step), error);
    }
    progress(`${entry.phase}: done ${describeStep(step)}`, count);
    await journal.set(entry, { done: at + 1 });
  }
}
