/** A way to a database that this machine may not come to itself: a machine of an app at Fly goes there for it. */
export interface FlyWay {
  app: string;
  /** Whose fixed address is let in; the app's own choice where it is null. */
  region: string | null;
}

/** Hands a text to an outpost, which answers when it has something to say or when the time is over. */
export type Exchange = (
  request: string,
  options: { patienceMs: number; signal: AbortSignal },
) => Promise<string>;

/** A machine that stands for this one where the database is. */
export interface OutpostPlace {
  /** As people find it again, such as "machine 148e123 of dnd-tracker-production". */
  called: string;
  /** Somebody else had sent for it: it may be about to end. */
  wasThere?: boolean;
  exchange: Exchange;
  /** What it is told first: what opens the stores and the database, kept in its memory alone. */
  greeting: { env: Record<string, string>; key?: unknown };
}

/** Any but the one that is called so, where one is named that did not answer. */
export type FindOutpost = (way: FlyWay, but?: string) => Promise<OutpostPlace>;

/** Named by the environment of a machine that is an outpost: it goes to databases itself. */
export const outpostVariable = "DND_OUTPOST";
