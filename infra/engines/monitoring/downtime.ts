import type { Figure } from "./figure";
import type { Beliefs } from "./probes";

/** For how long the app has been down, as it is believed. */
export function downtimeFigure(beliefs: Beliefs, at: Date): Figure {
  const belief = beliefs["serviceDown:app"];
  const minutes = belief?.bad ? Math.max(0, (at.getTime() - belief.since.getTime()) / 60_000) : 0;
  return { name: "downtimeMinutes", subject: "app", value: minutes, at };
}
