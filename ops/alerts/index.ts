import type { Terminal } from "../terminal";
import type { ActionName, AlertsOptions } from "./options";

export { requireFitting, type ActionName, type AlertsOptions } from "./options";
export { readable, settingsOfEnvironment } from "./place";

type Action = (options: AlertsOptions, terminal: Terminal) => Promise<number>;

const look = () => require("./look") as typeof import("./look");
const decide = () => require("./decide") as typeof import("./decide");
const send = () => require("./send") as typeof import("./send");

/** What each word after `dnd alerts` does; its module alone is loaded. */
export const actions: Record<ActionName, Action> = {
  list: (options, terminal) => look().list(options, terminal),
  show: (options, terminal) => look().show(options, terminal),
  resolve: (options, terminal) => decide().resolve(options, terminal),
  silence: (options, terminal) => decide().silenceSome(options, terminal),
  test: (options, terminal) => send().test(options, terminal),
  replay: (options, terminal) => send().replay(options, terminal),
};
