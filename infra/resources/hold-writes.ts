import type { LifecycleContext } from "./lifecycle";

/** The app whose machines write, and what runs them. */
export interface Serving {
  host: "local" | "fly";
  app: string;
}

/** Lets no request reach the app, or lets them in again: nobody writes what a restore would throw away. */
export async function holdWrites(
  { host, app }: Serving,
  on: boolean,
  { progress, signal }: Pick<LifecycleContext, "progress" | "signal">,
): Promise<void> {
  progress(on ? "holding requests back" : "letting requests in again");
  if (host === "local") {
    const { holdRequests } = require("../engines/machines") as typeof import("../engines/machines");
    return holdRequests(app, on, signal);
  }
  const { setMaintenance } = require("../engines/fly") as typeof import("../engines/fly");
  const { flyClient } = require("./fly-client") as typeof import("./fly-client");
  // The way back has time of its own: an interruption asks for it.
  await setMaintenance(app, on, { api: flyClient(), progress, ...(on && { signal }) });
}
