import { printResult, type Terminal } from "../terminal";
import { engine } from "./engine";
import type { BackupOptions } from "./options";
import { archiveOf, placeOf } from "./place";

/** Keeps retention from an archive. */
export async function hold(options: BackupOptions, terminal: Terminal): Promise<number> {
  const place = await placeOf(options);
  const { store, id } = await archiveOf(options, place, terminal);
  const held = await engine().holdArchive(store, id, options.reason ?? "");
  printResult(terminal, { id, hold: held }, () => `${id} is held: ${held.reason}`);
  return 0;
}

/** Leaves an archive to retention again, which may then delete it. */
export async function releaseHold(options: BackupOptions, terminal: Terminal): Promise<number> {
  const place = await placeOf(options);
  const { store, id } = await archiveOf(options, place, terminal);
  const was = (await engine().releaseHold(store, id)) ?? null;
  printResult(terminal, { id, released: was }, () =>
    was ? `${id} is held no more; it was: ${was.reason}` : `nobody held ${id}`,
  );
  return 0;
}
