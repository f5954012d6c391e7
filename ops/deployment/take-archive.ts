import { Writable } from "node:stream";
import { OperatorError } from "../../infra/support";
import { takeArchive } from "../backup/make";
import { placeOf } from "../backup/place";
import { chosenDatabase } from "../chosen-database";
import type { BackupResult } from "./results";

interface Wanted {
  stack: string;
  signal: AbortSignal;
  say: (message: string) => void;
}

/** An archive of the stack's database beside any release, as `dnd backup create` takes it. */
export async function archiveNow(
  wanted: Wanted,
): Promise<Pick<BackupResult, "backupId" | "location" | "size">> {
  const { stack, signal, say } = wanted;
  const options = { stack, json: true, yes: true, action: "create" as const };
  const { address } = await chosenDatabase(options);
  if (!address) throw noDatabase(stack);
  const place = await placeOf(options);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = { out: nowhere, err: nowhere, interactive: false, color: false, json: true, say };
  const { id, location, bytes } = await takeArchive(options, { place, address }, terminal, signal);
  return { backupId: id, location, size: bytes };
}

function noDatabase(stack: string): OperatorError {
  return new OperatorError({
    code: "backup-no-database",
    kind: "refused",
    message: `the stack ${stack} has no database yet`,
    remedy: "Call deploy first.",
  });
}
