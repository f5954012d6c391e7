import type { ArchiveSummary } from "../../infra/engines/backup";
import { messageOf } from "../../infra/support";
import { confirm, printResult, type Terminal } from "../terminal";
import { makeCopies } from "./copy";
import { engine, step } from "./engine";
import { holdersOf } from "./holders";
import { keysFromEnvironment } from "./keys";
import type { BackupOptions } from "./options";
import { addressOf, archiveOf, placeOf, type BackupPlace } from "./place";

/** Gives an encrypted archive to other readers, in every store that has it. */
export async function rekey(options: BackupOptions, terminal: Terminal): Promise<number> {
  const place = await placeOf(options);
  const { store, id } = await archiveOf(options, place, terminal);
  const recipients = options.recipient ?? [];
  const keys = await keysFromEnvironment();
  await confirm(terminal, {
    action: `give ${id} to ${recipients.length} readers`,
    loss: `Whoever could read ${id} and is not among them can read it no more: ${recipients.join(", ")}.`,
    yes: options.yes,
  });
  const archive = await step(
    terminal,
    "rekey",
    (progress, signal) =>
      engine().rekeyArchive({ store, id, keys, encryption: { recipients }, progress, signal }),
    () => `${recipients.length} readers`,
  );
  await recordAgain(options, place, archive, terminal);
  const old = await renewCopies(options, place, { store, id }, terminal);
  printResult(terminal, { archive, recipients, old }, () =>
    [
      `${id} can be read by ${recipients.join(", ")}`,
      ...old.map(
        (one) => `BUT NOT in ${one}, where its old readers still can: run \`dnd backup copy ${id}\``,
      ),
    ].join("\n"),
  );
  return old.length > 0 ? 1 : 0;
}

/** The catalog knows the old bytes: it would call the new ones damaged. */
async function recordAgain(
  options: BackupOptions,
  place: BackupPlace,
  archive: ArchiveSummary,
  terminal: Terminal,
): Promise<void> {
  if (!place.settings) return;
  await addressOf(options, place)
    .then((address) => engine().recordArchive(address, archive))
    .catch((error: unknown) => terminal.say(`! the catalog was not written: ${messageOf(error)}`));
}

/** The stores in which the old readers still can read it. */
async function renewCopies(
  options: BackupOptions,
  place: BackupPlace,
  found: Awaited<ReturnType<typeof archiveOf>>,
  terminal: Terminal,
): Promise<string[]> {
  const { holders, unread } = await holdersOf(found, place);
  const stores = holders.map(({ store }) => store);
  if (stores.length === 1) return unread.map(({ store }) => store);
  const made = await makeCopies(options, { ...place, stores, id: found.id }, terminal);
  const failed = made.filter(({ outcome }) => outcome === "failed");
  return [...failed, ...unread].map(({ store }) => store);
}
