import type { DatabaseAddress } from "../../infra/drivers/mongo";
import type { ArchiveCopy, ArchiveSummary } from "../../infra/engines/backup";
import { formatSize, messageOf } from "../../infra/support";
import { printResult, type Terminal } from "../terminal";
import { makeCopies } from "./copy";
import { engine, step } from "./engine";
import { encryptionOf, lockedWith, takePassphrase } from "./keys";
import { usage, type BackupOptions } from "./options";
import { addressOf, placeOf, type BackupPlace } from "./place";
import { misfitText, proofOf } from "./prove";
import { signOfLife } from "./sign-of-life";
import { snapshotBeside } from "./snapshot";

/** Takes an archive of the database that was named, or of the stack's, and says where it lies. */
export async function create(options: BackupOptions, terminal: Terminal): Promise<number> {
  const place = await placeOf(options);
  const address = await addressOf(options, place);
  const archive = await takeArchive(options, { place, address }, terminal);
  printResult(terminal, archive, () => `${archive.id}\n${archive.location}`);
  return 0;
}

/** Takes an archive, proves it where that is asked for, remembers it in the catalog of its stack, and copies it. */
export async function takeArchive(
  options: BackupOptions,
  { place, address }: { place: BackupPlace; address: DatabaseAddress },
  terminal: Terminal,
  stop?: AbortSignal,
): Promise<ArchiveSummary & { copies?: ArchiveCopy[] }> {
  const { store, settings, environment = "development" } = place;
  const { strict, usersAndRoles } = options;
  const preset = options.preset ?? settings?.backup.compression;
  const limitRate = rateOf(options.limitRate);
  const passphrase = await takePassphrase(options, terminal);
  const archive = await step(
    terminal,
    "archive",
    (progress, signal) => {
      const warn = (message: string) => terminal.say(`! ${message}`);
      const encryption = passphrase ? lockedWith(passphrase, settings) : encryptionOf(options, settings);
      const wanted = {
        encryption,
        address,
        store,
        environment,
        release: null,
        preset,
        strict,
        usersAndRoles,
        limitRate,
        startSnapshot: snapshotBeside(place),
      };
      return engine().takeBackup({ ...wanted, warn, progress, signal });
    },
    ({ documents, collections, bytes }) =>
      `${documents} documents of ${collections} collections, ${formatSize(bytes)}`,
    stop,
  );
  const proven =
    (options.restoreTest ?? settings?.backup.restoreTest)
      ? await step(
          terminal,
          "restore test",
          proofOf(options, store, archive),
          () => "gives back what it holds",
          stop,
        )
      : undefined;
  if (proven) {
    proven.misfits.forEach((misfit) => terminal.say(misfitText(misfit)));
    await signOfLife(options, place, "restore-test", archive.id);
  }
  if (settings)
    await engine()
      .recordArchive(address, archive)
      .then(() => proven && engine().recordVerifications(address, archive.id, [proven.verification]))
      .catch((error: unknown) => terminal.say(`! the catalog was not written: ${messageOf(error)}`));
  const copies = await copyOn(options, place, terminal);
  return place.copies.length > 0 ? { ...archive, copies } : archive;
}

/** The archive is there and counts: a copy that fails is told and takes nothing from it. */
async function copyOn(
  options: BackupOptions,
  place: BackupPlace,
  terminal: Terminal,
): Promise<ArchiveCopy[]> {
  if (place.copies.length === 0) return [];
  const stores = [place.store, ...place.copies];
  return makeCopies(options, { ...place, stores }, terminal).catch((error: unknown) => {
    terminal.say(`! copies of archives were not made: ${messageOf(error)}`);
    return [];
  });
}

const units: Record<string, number> = { "": 1, k: 1e3, M: 1e6, G: 1e9 };

/** "20M" as bytes in a second. */
function rateOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)([kMG]?)B?(?:\/s)?$/.exec(text) ?? [];
  const rate = Number(number) * (units[unit] ?? 1);
  if (!(rate > 0)) throw usage("--limit-rate wants bytes in a second such as 20M");
  return rate;
}
