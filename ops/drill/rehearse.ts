import type { ThrowAwayCopy } from "./copy";
import type { Measure } from "./targets";

/** Where the copy begins: an archive of the stack. */
export interface DrillArchive {
  store: string;
  id: string;
}

/** Plays the severe rollback and the recovery on the copy, and says how long each took. */
export async function rehearse(
  copy: ThrowAwayCopy,
  { store, id }: DrillArchive,
  signal: AbortSignal,
): Promise<Record<Measure["name"], number>> {
  const dnd = (...words: string[]) => copy.dnd([...words, "--yes"], signal);
  await copy.setVersion("0.0.1-drill");
  const fromNothing = await dnd("recover", "--from-nothing", "--store", store, "--backup", id);
  await copy.setVersion("0.0.2-drill");
  await dnd("up");
  const rollback = await dnd("rollback", "full", "--to", "1", "--backup", "latest", "--reason", "drill");
  const verify = await dnd("verify");
  const recovery = await dnd("recover", "--backup", "latest", "--reason", "drill");
  return {
    "from-nothing": fromNothing.durationMs,
    rollback: rollback.durationMs,
    "deployment-failure": rollback.durationMs + verify.durationMs,
    "data-recovery": recovery.durationMs,
  };
}
