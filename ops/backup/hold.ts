import type { PlacedHold } from "../../infra/engines/backup";
import { printResult, type Terminal } from "../terminal";
import { engine } from "./engine";
import { holdersOf } from "./holders";
import type { BackupOptions } from "./options";
import { archiveOf, placeOf } from "./place";

/** Keeps retention from an archive, in every store that has it. */
export async function hold(options: BackupOptions, terminal: Terminal): Promise<number> {
  const place = await placeOf(options);
  const { holders, unread, id } = await holdersOf(await archiveOf(options, place, terminal), place);
  const stores: (PlacedHold & { store: string })[] = [];
  for (const { store, location } of holders)
    stores.push({ store: location, ...(await engine().holdArchive(store, id, options.reason ?? "")) });
  printResult(terminal, { id, hold: stores[0], stores, unread }, () =>
    [`${id} is held: ${options.reason}`, ...stores.map(lockText), ...unread.map(unreadText)].join("\n"),
  );
  return unread.length > 0 ? 1 : 0;
}

/** Leaves an archive to retention again, which may then delete it. */
export async function releaseHold(options: BackupOptions, terminal: Terminal): Promise<number> {
  const place = await placeOf(options);
  const { holders, unread, id } = await holdersOf(await archiveOf(options, place, terminal), place);
  const released = [];
  for (const { store } of holders) released.push((await engine().releaseHold(store, id)) ?? null);
  const was = released.find((one) => one !== null) ?? null;
  printResult(terminal, { id, released: was, unread }, () =>
    [
      was ? `${id} is held no more; it was: ${was.reason}` : `nobody held ${id}`,
      ...unread.map(unreadText),
    ].join("\n"),
  );
  return unread.length > 0 ? 1 : 0;
}

function lockText({ store, lock, why }: PlacedHold & { store: string }): string {
  return lock === "set"
    ? `in ${store} by a legal hold: nobody can delete it`
    : `in ${store} by its note alone: ${why ?? ""}`;
}

function unreadText({ store, problem }: { store: string; problem: string }): string {
  return `NOT in ${store}, which cannot be read: ${problem}`;
}
