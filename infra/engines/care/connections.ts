import type { Db } from "mongodb";
import { unlessForbidden } from "./unless-forbidden";

/** How many connections a server has, of how many it takes. */
export interface Connections {
  current: number;
  available: number;
  active: number | null;
  percent: number;
}

/** Null where this user may not ask. Reads only. */
export async function connectionsOf(db: Db): Promise<Connections | null> {
  const status = await unlessForbidden(() => db.command({ serverStatus: 1 }));
  const seen = status?.connections as { current: number; available: number; active?: number } | undefined;
  if (!seen) return null;
  const { current, available, active } = seen;
  return { current, available, active: active ?? null, percent: (100 * current) / (current + available) };
}
