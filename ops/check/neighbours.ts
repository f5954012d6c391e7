import type { Neighbours } from "../../infra/engines/preflight";

/** The engines that the gates ask. */
export function neighbours(): Neighbours {
  return {
    ...(require("../../infra/engines/migration") as typeof import("../../infra/engines/migration")),
    ...(require("../../infra/engines/backup") as typeof import("../../infra/engines/backup")),
    ...(require("../../infra/engines/release") as typeof import("../../infra/engines/release")),
    openAlerts: (require("../../infra/engines/alerts") as typeof import("../../infra/engines/alerts"))
      .openAlerts,
  };
}
