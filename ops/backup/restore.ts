import type { DatabaseAddress } from "../../infra/drivers/mongo";
import type { Restored, RestoreWanted } from "../../infra/engines/backup";
import { confirm, printResult, type Terminal } from "../terminal";
import { engine, step } from "./engine";
import { keysFromEnvironment } from "./keys";
import { requiredId, type BackupOptions } from "./options";
import { addressOf, placeOf } from "./place";

/** Puts an archive into a database: looks first, and asks when something that stands there would be lost. */
export async function restore(options: BackupOptions, terminal: Terminal): Promise<number> {
  const place = await placeOf(options);
  const { store, id } = await engine().resolveReference({ ...place, reference: requiredId(options) });
  const { manifest } = await engine().describeArchive(store, id);
  const known = { ...place, database: place.database ?? manifest.database };
  const at = await addressOf(options, known);
  const to = { ...at, name: options.toDb ?? at.name };
  const drop = Boolean(options.drop ?? options.force);
  const { nsInclude: include, nsExclude: exclude, allowOlder } = options;
  const namespaces = include || exclude ? { include, exclude } : undefined;
  const keys = await keysFromEnvironment();
  const wanted = { store, id, to, drop, namespaces, keys, allowOlder, safetyStore: store };
  if (options.dryRun) return tell(await run({ ...wanted, dryRun: true }, terminal), to, terminal);
  if (drop) await confirmLoss(options, wanted, terminal);
  return tell(await run(wanted, terminal), to, terminal);
}

function run(wanted: RestoreWanted, terminal: Terminal): Promise<Restored> {
  return step(
    terminal,
    wanted.dryRun ? "look" : "restore",
    (progress, signal) => engine().restoreArchive({ ...wanted, progress, signal }),
    ({ documents, collections }) => `${documents} documents of ${collections.length} collections`,
  );
}

/** What stands in the database is counted by a dry run, which reads the archive to its end as well. */
async function confirmLoss(
  { yes, force }: BackupOptions,
  wanted: RestoreWanted & { id: string },
  terminal: Terminal,
): Promise<void> {
  if (yes || force) return;
  const { dropped } = await run({ ...wanted, dryRun: true }, terminal);
  if (dropped.length === 0) return;
  await confirm(terminal, {
    action: `restore ${wanted.id} over ${wanted.to.name}`,
    loss: `Everything in ${wanted.to.name} would be lost: ${dropped.join(", ")}.`,
    word: wanted.to.name,
    yes: false,
  });
}

function tell(restored: Restored, to: DatabaseAddress, terminal: Terminal): number {
  printResult(terminal, { ...restored, database: to.name }, () => {
    const { written, documents, collections, dropped } = restored;
    const verb = written ? "restored" : "would restore";
    const undo = restored.undoable
      ? ["the old collections are kept: `dnd backup undo` puts them back, `dnd backup confirm` drops them"]
      : [];
    const lost = dropped.length > 0 ? [`${written ? "dropped" : "stands there"}: ${dropped.join(", ")}`] : [];
    return [
      `${verb} ${documents} documents into ${to.name}: ${collections.join(", ")}`,
      ...lost,
      ...undo,
    ].join("\n");
  });
  return 0;
}
