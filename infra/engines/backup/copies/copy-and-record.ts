import type { DatabaseAddress } from "../../../drivers/mongo";
import { messageOf } from "../../../support";
import { recordCopies } from "../record";
import { copyArchives, type ArchiveCopy, type CopiesWanted } from "./copy-archives";

/** Makes the copies that are missing, and remembers in the catalog of the database how each one went. */
export async function copyAndRecord(
  wanted: CopiesWanted & { address: DatabaseAddress },
): Promise<ArchiveCopy[]> {
  const made = await copyArchives(wanted);
  await recordCopies(wanted.address, made).catch((error: unknown) =>
    wanted.warn?.(`the catalog was not written: ${messageOf(error)}`),
  );
  return made;
}
