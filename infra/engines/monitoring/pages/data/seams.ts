/** A machine that serves people, and how it is. */
export interface MachineShown {
  id: string;
  region: string | null;
  /** Null where nobody has asked it. */
  healthy: boolean | null;
  version: string | null;
  why: string | null;
}

/** One point of a chart. */
export interface Point {
  at: Date;
  value: number;
}

/** Reads one figure over time, the oldest first. */
export type SeriesReader = (wish: {
  name: string;
  since: Date;
  until: Date;
  step: number;
}) => Promise<Point[]>;

/** The five figures of software delivery; null where nothing happened that they could tell of. */
export interface Dora {
  deploymentsPerWeek: number | null;
  leadTimeHours: number | null;
  changeFailurePercent: number | null;
  recoveryMinutes: number | null;
  reworkPercent: number | null;
}
