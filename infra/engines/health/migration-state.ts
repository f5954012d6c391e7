/** One row of the journal of migrations, as much of it as health asks for. */
export interface ExecutedMigration {
  _id: string;
  state?: string;
}

/** The figures of `/api/health/migrations`. */
export interface MigrationHealth {
  total: number;
  executed: number;
  pending: number;
  valid: boolean;
}

/**
 * Compares what ran with what the app cannot live without. A database that is ahead is fine: the next edition's
 * migrations run before its code does. One that stopped half-way, or a gap before a later one, is not.
 */
export function migrationState(journal: ExecutedMigration[], expected: readonly string[]): MigrationHealth {
  const executed = new Set(journal.filter(({ state }) => isDone(state)).map(({ _id }) => _id));
  const pending = expected.filter((version) => !executed.has(version));
  const newest = [...executed].sort().at(-1) ?? "";
  return {
    total: new Set([...executed, ...expected]).size,
    executed: executed.size,
    pending: pending.length,
    valid: executed.size === journal.length && pending.every((version) => version > newest),
  };
}

function isDone(state: string | undefined): boolean {
  return state === undefined || state === "applied" || state === "done";
}
