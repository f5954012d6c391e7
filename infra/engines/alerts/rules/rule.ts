/** When a figure is bad, and for how long it must be before anybody hears of it. */
export interface Rule {
  /** The figure's name is the rule's. */
  name: string;
  title: string;
  /** What stands behind the value: "%", " ms". */
  unit: string;
  /** Which way is bad; thresholds themselves are still good. */
  bad: "above" | "below";
  /** Null where there is no such level. */
  warning: number | null;
  critical: number | null;
  /** It is told when it has lasted for so long. */
  forMs: number;
  /** It is over when it was good for so long. */
  calmMs: number;
  /** It is good again only this share of the threshold on the good side of it, or a value at the edge would ring all day. */
  hysteresis: number;
  /** Rules whose open alert explains this one. */
  parents: readonly string[];
  /** More of them for one subject alone. */
  parentsOf: Readonly<Record<string, readonly string[]>>;
  /** A release that is under way explains it. */
  quietInRelease: boolean;
  dryRun: boolean;
}
