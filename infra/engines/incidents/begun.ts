import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import type { Incident, IncidentKind } from "./incident";

/** What an incident is begun with. */
export interface IncidentBeginning {
  kind: IncidentKind;
  title: string;
  by?: string;
  at?: Date;
}

/** A new incident that has no number yet. */
export function begun({
  kind,
  title,
  by = userInfo().username,
  at = new Date(),
}: IncidentBeginning): Omit<Incident, "_id"> {
  const timeline = [{ at, by, kind: "started", text: title }];
  return { version: 1, key: randomUUID(), kind, title, startedAt: at, closedAt: null, by, timeline };
}
