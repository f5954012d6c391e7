import { requireAddresses, type MaintenanceWish } from "../../infra/engines/maintenance";
import { momentOf } from "../moment";
import { usage, type MaintenanceOptions } from "./options";

/** The window that was asked for; refuses one that is over before it begins. */
export function windowOf(options: MaintenanceOptions, now: Date): MaintenanceWish {
  const { at, message, reason, allow = [] } = options;
  requireAddresses(allow);
  const from = at === undefined ? now : momentOf(at, now, "--at");
  const until = options.until === undefined ? null : momentOf(options.until, from, "--until");
  if (at !== undefined && from <= now) throw usage(`--at ${at} has been already: \`on\` begins at once`);
  if (until && until <= from) throw usage("--until is not after the beginning");
  return { on: true, from, until, allowed: allow, ...(message && { message }), ...(reason && { reason }) };
}
