import { confirm, printResult, type Terminal } from "../terminal";
import { engine, interruptible, lockOptions } from "./engine";
import { usage, type MigrateOptions } from "./options";
import { requiredPlace } from "./place";

/** Accepts files that were changed after they were applied. */
export async function repair(options: MigrateOptions, terminal: Terminal): Promise<number> {
  const { migration, reason } = options;
  if (reason === undefined) throw usage("`repair` wants --reason: it stays in the journal");
  const place = await requiredPlace(options);
  await confirm(terminal, {
    action: `accept ${migration ?? "all changed files"}`,
    loss: "The database was migrated by what the files said before.",
    yes: options.yes,
  });
  const repaired = await interruptible((signal) =>
    engine().repairMigrations({
      ...place,
      reason,
      lock: lockOptions(options),
      signal,
      ...(migration === undefined ? {} : { versions: [migration] }),
    }),
  );
  printResult(terminal, { repaired }, () =>
    repaired.length > 0
      ? repaired.map(({ file }) => `accepted ${file}`).join("\n")
      : "no applied file has changed",
  );
  return 0;
}

/** Takes over another tool's changelog. */
export async function adopt(options: MigrateOptions, terminal: Terminal): Promise<number> {
  const { from, collection, dryRun = false } = options;
  const place = await requiredPlace(options);
  const look = { ...place, from, collection };
  if (!dryRun) {
    const { tool, adopted } = await engine().adoptChangelog({ ...look, dryRun: true });
    await confirm(terminal, {
      action: `take over ${adopted.length} migrations from ${tool}`,
      loss: "From then on this journal counts: run the other tool no more.",
      yes: options.yes,
    });
  }
  const result = await interruptible((signal) =>
    engine().adoptChangelog({ ...look, dryRun, signal, lock: lockOptions(options) }),
  );
  printResult(terminal, result, () =>
    [
      ...result.adopted.map(
        ({ version, name, file }) =>
          `${dryRun ? "would take over" : "took over"} ${version} ${name}${file === null ? " (no file here)" : ""}`,
      ),
      `${result.adopted.length} from ${result.tool} in ${result.collection}, ${result.known.length} known already`,
    ].join("\n"),
  );
  return 0;
}

/** Shows who holds the lock, and takes it from them. */
export async function unlock(options: MigrateOptions, terminal: Terminal): Promise<number> {
  const { address } = await requiredPlace(options);
  const holder = await engine().migrationsLock({ address });
  if (!holder) {
    printResult(terminal, { holder: null, taken: false }, () => "nobody holds the lock");
    return 0;
  }
  const { by, host, pid, since, heartbeatAt, reason } = holder;
  const who = `${by} on ${host} (process ${pid}) since ${since.toISOString()}, last sign of life ${heartbeatAt.toISOString()}, ${reason}`;
  await confirm(terminal, {
    action: "take the lock",
    loss: `${who}. If that run lives, it stops before its next command.`,
    yes: options.yes,
  });
  const taken = await engine().unlockMigrations({ address, owner: holder.owner });
  printResult(terminal, { holder, taken: taken !== null }, () =>
    taken ? `took the lock from ${who}` : "the lock went on to somebody else meanwhile: nothing was done",
  );
  return taken ? 0 : 1;
}
