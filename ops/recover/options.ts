import { OperatorError } from "../../infra/support";
import type { EngineName } from "../engine";
import type { DatabaseOptions } from "../named-database";

export interface RecoverOptions extends DatabaseOptions {
  engine: EngineName;
  backup?: string;
  reason?: string;
  giveUp?: boolean;
  fromNothing?: boolean;
  store?: string;
  identity?: string;
  configFile?: string;
}

export function usage(message: string): OperatorError {
  return new OperatorError({
    code: "usage",
    kind: "usage",
    message,
    remedy: "`dnd recover --help` shows how it is used.",
  });
}

/** Refuses what does not fit together, before anything is looked at. */
export function requireFitting({
  fromNothing,
  store,
  identity,
  giveUp,
  backup,
  reason,
}: RecoverOptions): void {
  if (fromNothing) {
    if (!store) throw usage("--from-nothing wants --store, the place with the archives");
    if (giveUp) throw usage("--give-up means nothing to --from-nothing");
    if (reason !== undefined) throw usage("--reason means nothing to --from-nothing");
    return;
  }
  if (store !== undefined || identity !== undefined)
    throw usage(
      "--store and --identity belong to --from-nothing; name an archive elsewhere by its address with --backup",
    );
  if (giveUp && backup !== undefined) throw usage("--give-up takes no --backup");
}
