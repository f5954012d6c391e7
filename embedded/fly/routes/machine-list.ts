import type { Machine } from "../world/machine";
import { viewOf } from "./machine-view";
import { isTrue, paramOf, type Answer, type Asked } from "./route";

/** The machines of an app, as far as the filters and one page reach. */
export function listMachines(asked: Asked): Answer {
  const { query, world } = asked;
  const app = world.app(paramOf(asked, "app"));
  const seenAt = world.now - world.options.conditions.lagMs;
  const found = [...app.machines.values()]
    .filter((machine) => isListed(machine, query, seenAt))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const from = query.get("cursor");
  const rest = from === null ? found : found.filter(({ id }) => id > from);
  const limit = query.has("limit") ? Number(query.get("limit")) : rest.length;
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const body = page.map((machine) => {
    const { state, version = "" } = machine.past.at(seenAt) ?? {};
    const past = { state, instance_id: version, version };
    const view = { ...viewOf(machine, { lease: isTrue(query, "include_leases") }), ...past };
    return isTrue(query, "summary") ? { ...view, events: undefined, checks: undefined } : view;
  });
  return rest.length > page.length && last ? { body, headers: { "fly-next-cursor": last.id } } : { body };
}

function isListed(machine: Machine, query: URLSearchParams, seenAt: number): boolean {
  const past = machine.past.at(seenAt);
  if (!past || (past.state === "destroyed" && !isTrue(query, "include_deleted"))) return false;
  const region = query.get("region");
  const states = query.getAll("state").flatMap((one) => one.split(","));
  if (region !== null && machine.region !== region) return false;
  if (states.length > 0 && !states.includes(past.state)) return false;
  return [...query].every(
    ([key, value]) =>
      !key.startsWith("metadata.") || machine.config.metadata?.[key.slice("metadata.".length)] === value,
  );
}
