import type { Write } from "../guard";

interface Counts {
  matched: number;
  modified: number;
  inserted: number;
  deleted: number;
}

interface Answer {
  matchedCount?: number;
  modifiedCount?: number;
  insertedCount?: number;
  insertedId?: unknown;
  upsertedCount?: number;
  deletedCount?: number;
  n?: number;
  nModified?: number;
}

/** How many documents the server says that a write has met and changed. */
export function countsIn({ method, args }: Write, answer: unknown): Counts {
  const said = (answer ?? {}) as Answer;
  if (method === "command") return ofCommand(args[0] as object, said);
  if (method.startsWith("findOneAnd")) return ofFound(method, answer);
  const deleted = said.deletedCount ?? 0;
  return {
    matched: (said.matchedCount ?? 0) + deleted,
    modified: said.modifiedCount ?? 0,
    inserted: (said.insertedCount ?? (said.insertedId === undefined ? 0 : 1)) + (said.upsertedCount ?? 0),
    deleted,
  };
}

function ofCommand(command: object, { n = 0, nModified = 0 }: Answer): Counts {
  const [name] = Object.keys(command);
  return {
    matched: name === "insert" ? 0 : n,
    modified: nModified,
    inserted: name === "insert" ? n : 0,
    deleted: name === "delete" ? n : 0,
  };
}

function ofFound(method: string, found: unknown): Counts {
  const one = found === null || found === undefined ? 0 : 1;
  const deletes = method === "findOneAndDelete";
  return { matched: one, modified: deletes ? 0 : one, inserted: 0, deleted: deletes ? one : 0 };
}
