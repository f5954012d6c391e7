import { rm } from "node:fs/promises";
import { withFileLock } from "../../drivers/files";
import { readLocalCredentials, withLogin, type DatabaseAddress } from "../../drivers/mongo";
import { localFolder, silent, type Progress } from "../../support";
import { credentialsForeign } from "./errors";
import { ensureLocalMongo } from "./ensure";
import { stopLocalMongo } from "./stop";

export interface ThrowAwayWanted {
  /** What the server is for, e.g. "restore-test": its folder in `.dnd/` is named so, and there is one of it at a time. */
  purpose: string;
  database: string;
  progress?: Progress | undefined;
  signal?: AbortSignal | undefined;
}

const waitMs = 60 * 60_000;

/** Works with an empty server of its own that is gone afterwards; what a killed run left goes before. */
export async function withThrowAwayServer<T>(
  wanted: ThrowAwayWanted,
  work: (address: DatabaseAddress) => Promise<T>,
): Promise<T> {
  const { purpose, progress = silent, signal } = wanted;
  const folder = localFolder(purpose);
  const lock = {
    what: purpose,
    waitMs,
    onWait: ({ pid, what }: { pid: number; what: string }) => progress(`waiting for process ${pid}: ${what}`),
    ...(signal ? { signal } : {}),
  };
  return withFileLock(localFolder(`${purpose}.lock`), lock, async () => {
    await remove(folder);
    try {
      return await work(await start(folder, wanted));
    } finally {
      await remove(folder);
    }
  });
}

/** Its master is in the address, which never leaves this process: whatever an archive holds may be put there. */
async function start(
  folder: string,
  { database, progress, signal }: ThrowAwayWanted,
): Promise<DatabaseAddress> {
  const { address } = await ensureLocalMongo({ folder, database, progress, signal });
  const logins = await readLocalCredentials(folder);
  if (!logins) throw credentialsForeign(folder);
  const uri = withLogin(address.uri, logins.admin, database).reveal();
  return { uri, name: database, credentials: "none" };
}

async function remove(folder: string): Promise<void> {
  await stopLocalMongo(folder);
  await rm(folder, { recursive: true, force: true });
}
