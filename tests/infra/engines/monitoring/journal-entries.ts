import type { JournalEntry } from "../../../../infra/engines/monitoring";

const start = Date.UTC(2026, 2, 1, 12);
export const hourMs = 3_600_000;

export const at = (hours: number) => new Date(start + hours * hourMs);

/** A release that began so many hours after noon, took five minutes and went well, unless said otherwise. */
export function entry(number: number, hours: number, more: Partial<JournalEntry> = {}): JournalEntry {
  return {
    _id: number,
    documentVersion: 1,
    state: "done",
    environment: "production",
    image: { name: "tracker", version: `1.${number}.0`, digest: `sha256:${number}` },
    startedAt: at(hours),
    finishedAt: new Date(at(hours).getTime() + 300_000),
    commit: null,
    steps: [],
    kind: "forward",
    error: null,
    ...more,
  };
}
