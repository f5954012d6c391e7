/** One row of the journal of migrations, as much of it as health asks for. */
export interface JournalRow {
  _id: string;
  state: string;
  direction: string;
  /** True: what did not end was rolled back and left nothing. */
  transaction: boolean;
}

/** The figures of `/api/health/migrations`. */
export interface MigrationHealth {
  total: number;
  executed: number;
  pending: number;
  valid: boolean;
}

/** Versions of the schema that an app lives with; without one it lives with every database that is ahead of it. */
export interface SchemaRange {
  min: string;
  max: string;
}

/**
 * Compares what ran with what the app cannot live without. A database that is ahead is fine: the next edition's
 * migrations run before its code does. A change that stopped half-way, or a gap before a later one, is not.
 */
export function migrationState(
  journal: JournalRow[],
  expected: readonly string[],
  range?: SchemaRange,
): MigrationHealth {
  const executed = new Set(journal.filter(isApplied).map(({ _id }) => _id));
  const pending = expected.filter((version) => !executed.has(version));
  const newest = [...executed].sort().at(-1) ?? "";
  return {
    total: new Set([...executed, ...expected]).size,
    executed: executed.size,
    pending: pending.length,
    valid:
      !journal.some(isHalfDone) &&
      pending.every((version) => version > newest) &&
      (range === undefined || (newest >= range.min && newest <= range.max)),
  };
}

function isApplied(row: JournalRow): boolean {
  return row.state === "applied" || (isUnfinished(row) && row.direction === "down" && row.transaction);
}

function isHalfDone(row: JournalRow): boolean {
  return isUnfinished(row) && !row.transaction;
}

function isUnfinished({ state }: JournalRow): boolean {
  return state === "running" || state === "failed";
}
