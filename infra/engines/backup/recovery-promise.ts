export interface RecoveryFacts {
  /** How often archives are made by themselves; null where nothing makes them. */
  everyMs: number | null;
  /** The moment of the newest good archive; null where there is none. */
  lastArchive: Date | null;
  /** How long such an archive takes until it counts. */
  archiveTakesMs: number;
  /** The last time that a way back was practised; null where it never was. */
  lastDrill: { at: Date; durationMs: number; documentBytes: number } | null;
  /** How much the database holds today. */
  documentBytes: number;
  now: Date;
}

export interface RecoveryPromise {
  /** How much work is lost at most if the database is lost in the worst moment of a day on which all goes well. */
  lossAtMostMs: number | null;
  /** How much is lost if it is lost now. */
  lossNowMs: number | null;
  /** How long the way back takes, by the last drill and the size of today. */
  wayBackMs: number | null;
  /** Whether an archive should be there that is not. */
  overdue: boolean;
  /** The same for a reader, a sentence each. */
  sentences: string[];
}

/** A drill older than this says little of today. */
const drillHoldsMs = 31 * 24 * 3_600_000;

/** What can be lost at most, and how long the way back takes. */
export function recoveryPromise(facts: RecoveryFacts): RecoveryPromise {
  const { everyMs, lastArchive, archiveTakesMs, lastDrill, documentBytes, now } = facts;
  const lossAtMostMs = everyMs === null ? null : everyMs + archiveTakesMs;
  const lossNowMs = lastArchive === null ? null : Math.max(0, now.getTime() - lastArchive.getTime());
  // A database that became smaller does not promise a faster way back: part of the time is not for data.
  const growth = lastDrill ? Math.max(1, documentBytes / Math.max(1, lastDrill.documentBytes)) : 1;
  const wayBackMs = lastDrill && Math.round(lastDrill.durationMs * growth);
  const overdue = lossAtMostMs !== null && (lossNowMs === null || lossNowMs > lossAtMostMs);
  const sentences = [
    lossSentence(lossAtMostMs),
    nowSentence(lossNowMs, overdue),
    wayBackSentence(facts, wayBackMs),
  ];
  return { lossAtMostMs, lossNowMs, wayBackMs, overdue, sentences };
}

function lossSentence(atMostMs: number | null): string {
  return atMostMs === null
    ? "Nothing makes archives by itself: what can be lost has no limit."
    : `At most ${inWords(atMostMs)} of changes can be lost.`;
}

function nowSentence(lossMs: number | null, overdue: boolean): string {
  if (lossMs === null) return "There is no archive: everything would be lost now.";
  const late = overdue ? " An archive is overdue." : "";
  return `Now it would be ${inWords(lossMs)}, the age of the last good archive.${late}`;
}

function wayBackSentence({ lastDrill, now }: RecoveryFacts, wayBackMs: number | null): string {
  if (!lastDrill || wayBackMs === null) return "How long the way back takes is not known: no drill was run.";
  const ageMs = now.getTime() - lastDrill.at.getTime();
  const old = ageMs > drillHoldsMs ? ` That drill is ${inWords(ageMs)} old: run another.` : "";
  return `The way back takes about ${inWords(wayBackMs)}, by the last drill.${old}`;
}

function inWords(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 72) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.round(hours / 24)} days`;
}
