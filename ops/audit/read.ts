import type { Db } from "mongodb";
import { OperatorError } from "../../infra/support";
import { auditEntry, type AuditEntry } from "./entry";

export interface AuditWanted {
  since: Date;
  until?: Date;
}

/** What was done between two moments, oldest first; by the key alone, which begins with the time. */
export async function auditEntries(ops: Db, { since, until }: AuditWanted): Promise<AuditEntry[]> {
  const key = { $gte: since.toISOString(), ...(until && { $lt: until.toISOString() }) };
  const found = await ops.collection<{ _id: string }>("audit").find({ _id: key }).sort({ _id: 1 }).toArray();
  return found.map((document) => parsed(document as unknown as Record<string, unknown>));
}

function parsed(document: Record<string, unknown>): AuditEntry {
  if (document.version !== 1) throw newer(document);
  return auditEntry.parse(document);
}

function newer({ _id, version }: Record<string, unknown>): OperatorError {
  return new OperatorError({
    code: "audit-newer",
    kind: "refused",
    message: `the entry ${String(_id)} of the audit is of version ${String(version)}, this reads version 1`,
    remedy: "Update this checkout to the release that wrote it.",
  });
}
