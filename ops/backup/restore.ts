import { existsSync } from "node:fs";
import type { DatabaseAddress } from "../../infra/drivers/mongo";
import type { ArchiveSource, Restored, RestoreWanted } from "../../infra/engines/backup";
import { OperatorError } from "../../infra/support";
import { confirm, printResult, type Terminal } from "../terminal";
import { engine, step } from "./engine";
import { keysFromEnvironment, takePassphrase } from "./keys";
import { requiredId, usage, type BackupOptions } from "./options";
import { elsewhere, addressOf, archiveOf, placeOf, type BackupPlace } from "./place";

/** Puts an archive into a database: looks first, and asks when something that stands there would be lost. */
export async function restore(options: BackupOptions, terminal: Terminal): Promise<number> {
  const place = await placeOf(options);
  const { source, database } = await sourceOf(options, place, terminal);
  const known = { ...place, database: place.database ?? options.toDb ?? database };
  const at = await addressOf(options, known);
  const to = elsewhere(at, options.toDb);
  const drop = Boolean(options.drop ?? options.force);
  const { nsInclude: include, nsExclude: exclude, nsFrom: from, nsTo, allowOlder } = options;
  const namespaces = include || exclude || from || nsTo ? { include, exclude, from, to: nsTo } : undefined;
  await takePassphrase(options, terminal);
  const keys = await keysFromEnvironment();
  const anonymise =
    options.anonymise === undefined ? undefined : await engine().readAnonymiseRules(options.anonymise);
  const { usersAndRoles } = options;
  const care = { drop, namespaces, keys, allowOlder, anonymise, usersAndRoles, safetyStore: place.store };
  const wanted: RestoreWanted = { ...source, to, ...care };
  if (options.dryRun) return tell(await run({ ...wanted, dryRun: true }, terminal), to, terminal);
  if (drop) await confirmLoss(options, wanted, terminal);
  return tell(await run(wanted, terminal), to, terminal);
}

/** An archive of a store, a file of anybody's, or what comes in by standard input. */
async function sourceOf(
  options: BackupOptions,
  place: BackupPlace,
  terminal: Terminal,
): Promise<{ source: ArchiveSource; database?: string | undefined }> {
  const reference = requiredId(options);
  if (reference === "-") return { source: { bytes: process.stdin } };
  try {
    const { store, id } = await archiveOf(options, place, terminal);
    const { manifest } = await engine().describeArchive(store, id);
    return { source: { store, id }, database: manifest.database };
  } catch (error) {
    // A file that no manifest stands beside is another tool's: it is held against its own checksums.
    if (!existsSync(reference) || !(error instanceof OperatorError)) throw error;
    return { source: { path: reference } };
  }
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
  wanted: RestoreWanted,
  terminal: Terminal,
): Promise<void> {
  if (yes || force) return;
  if ("bytes" in wanted)
    throw usage("from standard input nothing can be looked at before: add --yes or --force");
  const { dropped } = await run({ ...wanted, dryRun: true }, terminal);
  if (dropped.length === 0) return;
  await confirm(terminal, {
    action: `restore ${"id" in wanted ? wanted.id : wanted.path} over ${wanted.to.name}`,
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
      ...loginsText(restored),
      ...undo,
    ].join("\n");
  });
  return 0;
}

/** What an archive holds and nobody asked for is said, too. */
function loginsText({ usersAndRoles, written }: Restored): string[] {
  if (!usersAndRoles) return [];
  const held = `${usersAndRoles.users} users and ${usersAndRoles.roles} roles`;
  if (usersAndRoles.restored) return [`restored ${held} of the database; those of other names stayed`];
  return [
    written
      ? `not restored: ${held}, which the archive holds; --users-and-roles brings them back`
      : `the archive holds ${held}, which --users-and-roles brings back`,
  ];
}
