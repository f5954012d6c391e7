import type { RestoreSettled } from "../../infra/engines/backup";
import { confirm, printResult, type Terminal } from "../terminal";
import { engine, step } from "./engine";
import type { BackupOptions } from "./options";
import { elsewhere, addressOf, placeOf } from "./place";

/** Puts back what the last restore replaced. */
export function undo(options: BackupOptions, terminal: Terminal): Promise<number> {
  return settle(options, terminal, {
    name: "undo",
    loss: (database) => `What was restored and written since in ${database} would be lost.`,
    done: "put back",
  });
}

/** Drops the old collections that restores kept. */
export function confirmed(options: BackupOptions, terminal: Terminal): Promise<number> {
  return settle(options, terminal, {
    name: "confirm",
    loss: (database) => `The old collections of ${database} would be gone for ever: no undo after it.`,
    done: "dropped",
  });
}

interface Settling {
  name: "undo" | "confirm";
  loss: (database: string) => string;
  done: string;
}

async function settle(
  options: BackupOptions,
  terminal: Terminal,
  { name, loss, done }: Settling,
): Promise<number> {
  const at = await addressOf(options, await placeOf(options));
  const address = elsewhere(at, options.toDb);
  const action = `${name} the restore of ${address.name}`;
  await confirm(terminal, { action, loss: loss(address.name), yes: options.yes });
  const run = name === "undo" ? engine().undoRestore : engine().confirmRestore;
  const settled = await step(
    terminal,
    name,
    (progress, signal): Promise<RestoreSettled> => run(address, { progress, signal }),
    ({ collections }) => `${collections.length} collections`,
  );
  printResult(terminal, { database: address.name, ...settled }, () =>
    settled.collections.length > 0 ? `${done}: ${settled.collections.join(", ")}` : "nothing was kept",
  );
  return 0;
}
