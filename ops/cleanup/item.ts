/** Something that nobody needs any more. */
export interface CleanupItem {
  kind: "archive" | "image" | "machine" | "incident" | "report";
  id: string;
  /** Why it can go, as one sentence. */
  why: string;
  bytes: number | null;
}

/** What can be removed of one kind, and how. */
export interface CleanupPart {
  items: CleanupItem[];
  /** Removes one; one that is gone already is no failure. */
  remove(item: CleanupItem): Promise<void>;
  /** What was looked at and is left to a person. */
  notes: string[];
}

export const nothing: CleanupPart = { items: [], remove: () => Promise.resolve(), notes: [] };
