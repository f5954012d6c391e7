export type { MonitorWish, SeenMonitor } from "./monitor-process";

type Engine = typeof import("./monitor-process");
const engine = () => require("./monitor-process") as Engine;

/** Lets a monitor run on this computer as it is wanted; one that runs so already stays as it is. */
export const ensureMonitor: Engine["ensureMonitor"] = (wish) => engine().ensureMonitor(wish);

/** The monitor of this computer as it is now; null where there is none. */
export const observeMonitor: Engine["observeMonitor"] = () => engine().observeMonitor();

/** Stops the monitor of this computer and forgets it; one that is gone is fine. */
export const stopMonitor: Engine["stopMonitor"] = () => engine().stopMonitor();

/** Tells one wish from another without telling what is secret in it. */
export const fingerprintOf: Engine["fingerprintOf"] = (wish) => engine().fingerprintOf(wish);
