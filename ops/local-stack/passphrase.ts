import { randomBytes } from "node:crypto";
import { chmod, readFile } from "node:fs/promises";
import { writeAtomically } from "../../infra/drivers/files";
import { OperatorError } from "../../infra/support";

/**
 * Makes the passphrase of the local stack when there is none, or only what a killed run left of one.
 * Where a state was already encrypted with it, a new one would lock that state for ever: that is refused.
 */
export async function ensurePassphrase(path: string, stateExists: boolean): Promise<void> {
  const existing = await readFile(path, "utf8").catch(missing);
  if (existing?.trim()) return chmod(path, 0o600);
  if (stateExists) throw lost(path, existing === undefined);
  await writeAtomically(path, randomBytes(24).toString("base64url"), { mode: 0o600, fsync: true });
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
  return undefined;
}

function lost(path: string, absent: boolean): OperatorError {
  return new OperatorError({
    code: "local-passphrase-lost",
    message: `${path} is ${absent ? "missing" : "empty"}, and the state of the local stack was encrypted with what stood in it`,
    remedy:
      "Put the file back, or remove the local stack with its data by `npm stop -- --purge` and start anew.",
  });
}
