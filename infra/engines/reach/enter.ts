import { endAccess, ensureAccess, ownAddress, type AtlasApi } from "../../drivers/atlas-api";
import { connect, refusesLogin, type DatabaseAddress, type DatabaseRole } from "../../drivers/mongo";
import { DeadlineError, OperatorError, systemClock, waitFor, type Clock } from "../../support";

export interface EnterOptions {
  api: AtlasApi;
  environment?: NodeJS.ProcessEnv;
  clock?: Clock;
  signal?: AbortSignal | undefined;
}

/** Ends what was entered; twice does no harm. */
export type Leave = () => Promise<void>;

/** However a run ends, nothing that it let in stays for longer. */
const lastsMs = 2 * 60 * 60_000;

/** Lets this machine in to a project's clusters for two hours at most, or until it leaves. */
export async function enter(
  project: string,
  { api, environment = process.env, clock = systemClock, signal }: EnterOptions,
): Promise<Leave> {
  const address = await ownAddress(api, environment, { signal });
  const expiresAt = new Date(clock.now() + lastsMs);
  const held = await ensureAccess(api, { project, address, expiresAt }, { signal });
  return () => endAccess(api, held);
}

const roles: readonly DatabaseRole[] = ["app", "migration", "backup"];

/** Waits until each user may log in: Atlas hands a new one to the cluster's members a while after it was made. */
export async function awaitLogins(
  address: DatabaseAddress,
  { timeoutMs = 180_000, signal }: { timeoutMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<void> {
  await Promise.all(
    roles.map((role) =>
      waitFor(() => logsIn(address, role, signal), {
        what: `the user for ${role} to be let in by the database`,
        timeoutMs,
        intervalMs: 1000,
        signal,
      }).catch((error: unknown) => {
        throw error instanceof DeadlineError ? stillRefused(role, timeoutMs, error) : error;
      }),
    ),
  );
}

function stillRefused(role: DatabaseRole, timeoutMs: number, cause: DeadlineError): OperatorError {
  return new OperatorError({
    code: "users-refused",
    message: `for ${timeoutMs / 1000}s the database has refused the user for ${role}`,
    remedy:
      "Users keep the password that they were made with. Where database.key is another one than then, set it back; or set the one before as database.previousKey and raise database.rotation by one. Where it is the same, run the command again: Atlas takes its time.",
    cause,
  });
}

async function logsIn(
  address: DatabaseAddress,
  role: DatabaseRole,
  signal: AbortSignal | undefined,
): Promise<true | undefined> {
  try {
    const client = await connect(address, role, { signal, currentUserOnly: true });
    await client.close();
    return true;
  } catch (error) {
    if (refusesLogin(error)) return undefined;
    throw error;
  }
}
