import { confirmRestore, restoreArchive, undoRestore } from "../../../../../infra/engines/backup";
import type { DatabaseAddress } from "../../../../../infra/drivers/mongo";

// A process of its own that restores, undoes or confirms once it is told to, and is killed at a moment that its
// progress tells.
interface Order {
  verb: "restore" | "in-place" | "undo" | "confirm";
  /** Counted from zero among the messages of the switch; a text for one of the others. */
  moment: number | string;
  store: string;
  id: string;
  address: DatabaseAddress;
}

async function carryOut({ verb, moment, store, id, address }: Order): Promise<void> {
  let seen = 0;
  const progress = (message: string) => {
    const isStep = /^(switching|undoing|confirming): /.test(message);
    if (typeof moment === "string" ? message.startsWith(moment) : isStep && seen++ === moment)
      process.kill(process.pid, "SIGKILL");
  };
  const work = {
    restore: () => restoreArchive({ store, id, to: address, drop: true, progress }),
    "in-place": () =>
      restoreArchive({ store, id, to: address, drop: true, inPlace: true, safetyStore: store, progress }),
    undo: () => undoRestore(address, { progress }),
    confirm: () => confirmRestore(address, { progress }),
  };
  await work[verb]();
  process.disconnect();
}

process.once("message", (order: Order) => void carryOut(order));
