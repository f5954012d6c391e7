import { OperatorError } from "../../support";
import type { FindOutpost, FlyWay } from "./contract";
import { outpostVariable } from "./contract";
import { endedCode, noWayToOutposts } from "./errors";
import type { Outpost } from "./outpost";

let find: FindOutpost | undefined;
const known = new Map<string, Promise<Outpost>>();

/** Makes known to this process how it comes by an outpost. */
export function useOutposts(found: FindOutpost): void {
  find = found;
}

/** Whether what lies behind a way has to be done by an outpost: one that is an outpost goes there itself. */
export function leadsAway(way: FlyWay | undefined): way is FlyWay {
  return way !== undefined && !process.env[outpostVariable];
}

/** The outpost of this process at an app; another one where the last was lost. */
export async function outpostAt(way: FlyWay): Promise<Outpost> {
  const before = known.get(way.app);
  const open = before && (await before.catch(() => undefined));
  if (before && open && !open.over.aborted) return open;
  if (known.get(way.app) === before) known.set(way.app, sentFor(way));
  return known.get(way.app) ?? sentFor(way);
}

async function sentFor(way: FlyWay): Promise<Outpost> {
  if (!find) throw noWayToOutposts();
  const place = await find(way);
  const { Outpost } = require("./outpost") as typeof import("./outpost");
  try {
    return await Outpost.at(place);
  } catch (error) {
    const isGone = error instanceof OperatorError && goneCodes.has(error.code);
    if (!place.wasThere || !isGone) throw error;
    return Outpost.at(await find(way, place.called));
  }
}

/** Of one that ends just as somebody comes, or hangs. */
const goneCodes = new Set<string>(["outpost-lost", endedCode]);
