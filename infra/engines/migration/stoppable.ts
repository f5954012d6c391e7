import { setTimeout as sleep } from "node:timers/promises";

const graceMs = 3000;

/** Waits for work until the signal fires; then ends its commands and leaves it a moment to notice. */
export async function stoppable(
  work: Promise<void>,
  signal: AbortSignal,
  endCommands: () => Promise<void>,
): Promise<void> {
  const settled = work.then(
    () => "done" as const,
    (error: unknown) => ({ error }),
  );
  const stopped = new Promise<"stopped">((resolve) => {
    if (signal.aborted) resolve("stopped");
    signal.addEventListener("abort", () => resolve("stopped"), { once: true });
  });
  const first = await Promise.race([settled, stopped]);
  if (first === "done") return;
  if (first !== "stopped") throw first.error;
  await endCommands();
  // Work that hears no signal must not hold up the run: its next command is refused.
  await Promise.race([settled, sleep(graceMs, undefined, { ref: false })]);
  throw signal.reason;
}
