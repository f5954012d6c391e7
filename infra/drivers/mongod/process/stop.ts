import { DeadlineError, waitFor } from "../../../support";
import { isRunning, type ProcessIdentity } from "../../processes";

const patience = { gracefulMs: 20_000, killedMs: 10_000 };

/** Ends exactly this mongod: it writes its data down first, and is killed only when it does not end. */
export async function stopMongod(
  identity: ProcessIdentity,
  { gracefulMs = patience.gracefulMs }: { gracefulMs?: number } = {},
): Promise<void> {
  const gone = () => (isRunning(identity) ? undefined : true);
  send(identity, "SIGTERM");
  try {
    await waitFor(gone, { what: "mongod to end", timeoutMs: gracefulMs, intervalMs: 50 });
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    send(identity, "SIGKILL");
    await waitFor(gone, { what: "mongod to be killed", timeoutMs: patience.killedMs, intervalMs: 50 });
  }
}

function send(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isRunning(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    // It ended between the look and the signal.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
