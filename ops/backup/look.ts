import type {
  CatalogComparison,
  DescribedArchive,
  ListedArchive,
  RestoreState,
} from "../../infra/engines/backup";
import { formatDuration, formatSize, OperatorError } from "../../infra/support";
import { printResult, table, type Terminal } from "../terminal";
import { engine } from "./engine";
import { requiredId, type BackupOptions } from "./options";
import { addressOf, placeOf } from "./place";

/** The good archives of a store, and what the catalog knows otherwise; with code 1 when archives are missing. */
export async function list(options: BackupOptions, terminal: Terminal): Promise<number> {
  const place = await placeOf(options);
  const { store, database, environment } = place;
  const filter = {
    ...(database === undefined ? {} : { database }),
    ...(environment === undefined ? {} : { environment }),
  };
  const archives = await engine().listDescribed(store, filter);
  const catalog = place.settings ? await comparison(options, place) : null;
  const restores = await restoresIn(options, place);
  printResult(terminal, { store, archives, catalog, restores }, () =>
    [listText(store, archives, catalog), ...restores.map(restoreText)].join("\n"),
  );
  return catalog && catalog.missing.length > 0 ? 1 : 0;
}

/** What restores left in the database; nothing where it cannot be asked. */
async function restoresIn(
  options: BackupOptions,
  place: Awaited<ReturnType<typeof placeOf>>,
): Promise<RestoreState[]> {
  try {
    return await engine().restoreState(await addressOf(options, place));
  } catch (error) {
    if (error instanceof OperatorError) return [];
    throw error;
  }
}

function restoreText({ archive, startedAt, means, safetyArchive }: RestoreState): string {
  const safety = safetyArchive === null ? "" : `; what stood there before is in ${safetyArchive}`;
  return `a restore of ${archive} from ${startedAt}: ${means}${safety}`;
}

/** Null where the database cannot be asked: its archives are then of all the more worth. */
async function comparison(
  options: BackupOptions,
  place: Awaited<ReturnType<typeof placeOf>>,
): Promise<CatalogComparison | null> {
  try {
    return await engine().compareCatalog(await addressOf(options, place), place.store);
  } catch (error) {
    if (error instanceof OperatorError) return null;
    throw error;
  }
}

/** Everything that is known of one archive. */
export async function show(options: BackupOptions, terminal: Terminal): Promise<number> {
  const place = await placeOf(options);
  const { store, id } = await engine().resolveReference({ ...place, reference: requiredId(options) });
  const described = await engine().describeArchive(store, id);
  printResult(terminal, described, () => showText(described));
  return 0;
}

function listText(
  store: string,
  archives: readonly ListedArchive[],
  catalog: CatalogComparison | null,
): string {
  const head = ["ID", "ENVIRONMENT", "DATABASE", "DOCUMENTS", "SIZE", "PROVEN", "NOTES"];
  const rows = archives.map((one) => [
    one.id,
    one.environment,
    one.database,
    String(one.documents),
    formatSize(one.bytes),
    provenBy(one),
    notesOn(one),
  ]);
  return [
    rows.length > 0 ? table([head, ...rows]) : `there are no archives in ${store}`,
    ...(catalog?.missing ?? []).map(({ id, why }) => `missing: ${id}: ${why}`),
    ...(catalog?.unknown ?? []).map((id) => `not in the catalog: ${id}`),
  ].join("\n");
}

function provenBy({ verifications }: Pick<ListedArchive, "verifications">): string {
  const last = verifications.at(-1);
  if (last && !last.ok) return "DAMAGED";
  return verifications.some(({ kind, ok }) => kind === "restore" && ok) ? "restored" : "read again";
}

function notesOn({ latest, hold, consistency }: ListedArchive): string {
  const notes = [
    latest ? "latest" : "",
    hold ? `held: ${hold.reason}` : "",
    consistency === "snapshot" ? "" : consistency,
  ];
  return notes.filter(Boolean).join(", ");
}

function showText({ manifest, verifications, hold, latest }: DescribedArchive): string {
  const { encryption, release } = manifest;
  const facts = [
    ["id", manifest.id + (latest ? " (latest)" : "")],
    ["database", `${manifest.database} of ${manifest.environment}`],
    ["release", release === null ? "none: taken by hand" : String(release)],
    ["taken", `${manifest.takenAt}, in ${formatDuration(manifest.durationMs)}`],
    ["consistency", manifest.consistency],
    ["server", manifest.serverVersion],
    ["file", `${formatSize(manifest.bytes)}, ${manifest.compression}, SHA-256 ${manifest.sha256}`],
    ["encryption", encryption ? `age, ${encryption.recipients.length} recipients` : "none"],
    ["hold", hold ? `since ${hold.since} by ${hold.by}: ${hold.reason}` : "none"],
    ["proven", `read again ${manifest.verifiedAt}, before it was published`],
    ...verifications.map(({ kind, at, by, problem }) => [
      "",
      `${kind} ${at} by ${by}: ${problem ?? "whole"}`,
    ]),
  ];
  const rows = manifest.collections.map((one) => [
    one.name,
    one.type,
    String(one.documents),
    formatSize(one.bytes),
    one.digest,
  ]);
  return `${table(facts)}\n\n${table([["COLLECTION", "TYPE", "DOCUMENTS", "SIZE", "DIGEST"], ...rows])}`;
}
