import type { Maintenance } from "../../infra/engines/maintenance";
import type { OperationsAt } from "../operations-database";
import type { Terminal } from "../terminal";
import type { MaintenanceOptions } from "./options";

/** Who was told of a turn of the switch. */
export interface Told {
  to: string[];
  problem: string | null;
}

/** Sends mail to the list that was named; a mail that cannot be sent turns no switch back. */
export async function announce(
  { mail = [] }: MaintenanceOptions,
  _at: OperationsAt,
  _known: Maintenance,
  terminal: Terminal,
): Promise<Told | null> {
  if (mail.length === 0) return null;
  const problem = "no mail server is set";
  terminal.say(problem);
  return { to: [], problem };
}
