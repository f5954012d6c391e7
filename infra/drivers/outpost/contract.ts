/** A way to a database that this machine may not come to itself: a machine of an app at Fly goes there for it. */
export interface FlyWay {
  app: string;
  /** Whose fixed address is let in; the app's own choice where it is null. */
  region: string | null;
}

/** Hands a text to an outpost, which answers when it has something to say or when the time is over. */
export type Exchange = (request: string, options: { patienceMs: number }) => Promise<string>;

/** A machine that stands for this one where the database is. */
export interface OutpostPlace {
  /** As people find it again, such as "machine 148e123 of dnd-tracker-production". */
  called: string;
  exchange: Exchange;
  /** What it is told first: what opens the stores and the database, kept in its memory alone. */
  greeting: { env: Record<string, string>; key?: unknown };
}

export type FindOutpost = (way: FlyWay) => Promise<OutpostPlace>;

/** Named by the environment of a machine that is an outpost: it goes to databases itself. */
export const outpostVariable = "DND_OUTPOST";
