/** Something that was measured, as rules judge it. */
export interface Figure {
  /** What was measured: `errorPercent`, `databaseDown` and so on, the names of the rules. */
  name: string;
  /** What it was measured of: "app", "database", a machine. */
  subject: string;
  value: number;
  at: Date;
  note?: string;
}
