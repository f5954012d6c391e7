import type { Terminal } from "../terminal";
import { requireFitting, type RecoverOptions } from "./options";

export type { RecoverOptions } from "./options";

/** Brings the data back from an archive, or a whole stack from nothing; only what that needs is loaded. */
export function recover(options: RecoverOptions, terminal: Terminal): Promise<number> {
  requireFitting(options);
  if (options.fromNothing)
    return (require("./from-nothing") as typeof import("./from-nothing")).recoverFromNothing(
      options,
      terminal,
    );
  return (require("./from-archive") as typeof import("./from-archive")).recoverFromArchive(options, terminal);
}
