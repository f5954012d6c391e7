import type { DescribedArchive } from "../../infra/engines/backup";
import { formatDuration, formatSize } from "../../infra/support";
import { printResult, table, type Terminal } from "../terminal";
import { engine } from "./engine";
import type { BackupOptions } from "./options";
import { archiveOf, placeOf } from "./place";

/** Everything that is known of one archive. */
export async function show(options: BackupOptions, terminal: Terminal): Promise<number> {
  const place = await placeOf(options);
  const { store, id } = await archiveOf(options, place, terminal);
  const described = await engine().describeArchive(store, id);
  printResult(terminal, described, () => showText(described));
  return 0;
}

function showText({ manifest, verifications, hold, latest, locks }: DescribedArchive): string {
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
    ["snapshot", manifest.atlasSnapshot ? `${manifest.atlasSnapshot}, kept by Atlas` : "none"],
    ["hold", hold ? `since ${hold.since} by ${hold.by}: ${hold.reason}` : "none"],
    ["locked", lockText(locks)],
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

/** The two are locked one by one, so one may be without. */
function lockText({ archive, manifest }: DescribedArchive["locks"]): string {
  if (!archive && !manifest) return "no";
  if (archive?.by === manifest?.by) return `by ${archive?.by}`;
  return `archive: ${archive?.by ?? "no"}; manifest: ${manifest?.by ?? "no"}`;
}
