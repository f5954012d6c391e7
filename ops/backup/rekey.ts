import { confirm, printResult, type Terminal } from "../terminal";
import { engine, step } from "./engine";
import { keysFromEnvironment } from "./keys";
import type { BackupOptions } from "./options";
import { archiveOf, placeOf } from "./place";

/** Gives an encrypted archive to other readers. */
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
  printResult(terminal, { archive, recipients }, () => `${id} can be read by ${recipients.join(", ")}`);
  return 0;
}
