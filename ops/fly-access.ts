import type { Settings } from "../stacks/settings";

/** Asks Fly whether it lets this person in, before anything is written down that only Fly can carry out. */
export async function requireFlyAccess(settings: Settings | undefined, signal: AbortSignal): Promise<void> {
  if (!settings || settings.database.kind === "embedded") return;
  const { openFlyApiOf } = require("../infra/drivers/fly-api") as typeof import("../infra/drivers/fly-api");
  await openFlyApiOf(process.env).machines.list(settings.app.name, { signal });
}
