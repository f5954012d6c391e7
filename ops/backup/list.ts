import type { DatabaseAddress } from "../../infra/drivers/mongo";
import type { HeldArchive, RestoreState, StoresComparison } from "../../infra/engines/backup";
import { formatSize, OperatorError } from "../../infra/support";
import { printResult, table, type Terminal } from "../terminal";
import { engine } from "./engine";
import type { BackupOptions } from "./options";
import { addressOf, placeOf, type BackupPlace } from "./place";

/** The good archives, which store has them, and what the catalog knows otherwise; with code 1 when archives are missing, or with --check when anything differs. */
export async function list(options: BackupOptions, terminal: Terminal): Promise<number> {
  const place = await placeOf(options);
  const { store, copies, database, environment } = place;
  const filter = {
    ...(database === undefined ? {} : { database }),
    ...(environment === undefined ? {} : { environment }),
  };
  const address = await catalogOf(options, place);
  const compared = await engine().compareStores({ stores: [store, ...copies], filter, address });
  const restores = await restoresIn(options, place);
  printResult(terminal, { store, ...compared, restores }, () =>
    [listText(store, compared), ...restores.map(restoreText)].join("\n"),
  );
  const isWrong = options.check ? !compared.agree : (compared.catalog?.missing.length ?? 0) > 0;
  return isWrong ? 1 : 0;
}

/** What restores left in the database; nothing where it cannot be asked. */
async function restoresIn(options: BackupOptions, place: BackupPlace): Promise<RestoreState[]> {
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

/** A catalog belongs to a stack; where its database cannot be found there is none to ask. */
async function catalogOf(options: BackupOptions, place: BackupPlace): Promise<DatabaseAddress | undefined> {
  if (!place.settings) return undefined;
  try {
    return await addressOf(options, place);
  } catch (error) {
    if (error instanceof OperatorError) return undefined;
    throw error;
  }
}

function listText(store: string, { stores, archives, catalog }: StoresComparison): string {
  const several = stores.length > 1;
  const numbers = new Map(stores.map((one, at) => [one.store, String(at + 1)]));
  const held = ({ stores: in_ }: HeldArchive) => in_.map((one) => numbers.get(one) ?? one).join(" ");
  const head = [
    "ID",
    "ENVIRONMENT",
    "DATABASE",
    "DOCUMENTS",
    "SIZE",
    "PROVEN",
    ...(several ? ["STORES"] : []),
    "NOTES",
  ];
  const rows = archives.map((one) => [
    one.id,
    one.environment,
    one.database,
    String(one.documents),
    formatSize(one.bytes),
    provenBy(one),
    ...(several ? [held(one)] : []),
    notesOn(one),
  ]);
  return [
    rows.length > 0 ? table([head, ...rows]) : `there are no archives in ${store}`,
    ...(several ? storesText(stores) : []),
    ...archives.flatMap(({ id, lacking }) => lacking.map((one) => `no copy: ${id} in ${one}`)),
    ...archives.flatMap(({ id, differing }) =>
      differing.map((one) => `differs: ${id} in ${one}: other bytes`),
    ),
    ...(catalog ? catalogText(catalog, archives) : []),
  ].join("\n");
}

function storesText(stores: StoresComparison["stores"]): string[] {
  return stores.map(({ store, problem, archives, newest }, at) => {
    const seen =
      problem === null ? `${archives} archives, newest ${newest ?? "none"}` : `CANNOT BE READ: ${problem}`;
    return `store ${at + 1}: ${store}: ${seen}`;
  });
}

function catalogText(
  catalog: NonNullable<StoresComparison["catalog"]>,
  archives: readonly HeldArchive[],
): string[] {
  const newest = archives[0]?.id ?? null;
  return [
    ...catalog.missing.map(({ id, why }) => `missing: ${id}: ${why}`),
    ...catalog.unknown.map((id) => `not in the catalog: ${id}`),
    ...catalog.failedCopies.map(
      ({ id, store, problem, at }) => `copy failed: ${id} to ${store} ${at}: ${problem ?? ""}`,
    ),
    ...(newest === catalog.newest
      ? []
      : [`the newest of the catalog is ${catalog.newest ?? "none"}, of the stores ${newest ?? "none"}`]),
  ];
}

function provenBy({ verifications }: HeldArchive): string {
  const last = verifications.at(-1);
  if (last && !last.ok) return "DAMAGED";
  return verifications.some(({ kind, ok }) => kind === "restore" && ok) ? "restored" : "read again";
}

function notesOn({ latest, hold, consistency }: HeldArchive): string {
  const notes = [
    latest ? "latest" : "",
    hold ? `held: ${hold.reason}` : "",
    consistency === "snapshot" ? "" : consistency,
  ];
  return notes.filter(Boolean).join(", ");
}
