import type { ArchiveCopy } from "../../infra/engines/backup";
import { printResult, table, type Terminal } from "../terminal";
import { engine, step } from "./engine";
import { usage, type BackupOptions } from "./options";
import { addressOf, archiveOf, placeOf, storeAt, type BackupPlace } from "./place";

/** Makes the copies that other stores lack; with code 1 when one could not be made. */
export async function copy(options: BackupOptions, terminal: Terminal): Promise<number> {
  const place = await placeOf(options);
  const to = options.to === undefined ? undefined : storeAt(options.to);
  if (to === undefined && place.copies.length === 0)
    throw usage(
      "there is one store, and nowhere to copy to: name one with --to, or make backup.store a list",
    );
  const named = options.id === undefined ? undefined : await archiveOf(options, place, terminal);
  const stores = [...new Set([...(named ? [named.store] : []), place.store, ...place.copies])];
  const made = await makeCopies(options, { ...place, stores, id: named?.id, to }, terminal);
  printResult(terminal, { copies: made }, () => copiesText(made));
  return made.some(({ outcome }) => outcome === "failed") ? 1 : 0;
}

interface Copying extends BackupPlace {
  stores: Parameters<ReturnType<typeof engine>["copyArchives"]>[0]["stores"];
  id?: string | undefined;
  to?: string | undefined;
}

/** With its bar; what cannot be copied is told, and remembered where the stack has a catalog. */
export function makeCopies(
  options: BackupOptions,
  { stores, id, to, database, environment, settings, ...place }: Copying,
  terminal: Terminal,
): Promise<ArchiveCopy[]> {
  const filter = {
    ...(database !== undefined && { database }),
    ...(environment !== undefined && { environment }),
  };
  return step(
    terminal,
    "copy",
    async (progress, signal) => {
      const warn = (message: string) => terminal.say(`! ${message}`);
      const wanted = { stores, id, to, filter, warn, progress, signal };
      if (!settings) return engine().copyArchives(wanted);
      const known = { ...place, database, environment, settings };
      const address = await addressOf(options, known).catch(() => undefined);
      return address ? engine().copyAndRecord({ ...wanted, address }) : engine().copyArchives(wanted);
    },
    (made) =>
      `${count(made, "copied")} copied, ${count(made, "there")} there, ${count(made, "failed")} failed`,
  );
}

function count(made: readonly ArchiveCopy[], outcome: ArchiveCopy["outcome"]): number {
  return made.filter((one) => one.outcome === outcome).length;
}

function copiesText(made: readonly ArchiveCopy[]): string {
  if (made.length === 0) return "there is no archive to copy";
  return table(made.map(({ id, outcome, store, problem }) => [id, outcome, store, problem ?? ""]));
}
