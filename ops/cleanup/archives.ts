import { ask } from "../rounds/asked";
import type { CleanupContext } from "./context";
import type { CleanupItem, CleanupPart } from "./item";

interface Pruned {
  id: string;
  outcome: string;
  reasons: string[];
  bytes?: number;
}

/** Archives that retention no longer keeps. */
export async function oldArchives({ stack, named, terminal }: CleanupContext): Promise<CleanupPart> {
  const argv = ["prune", "--stack", stack, ...named];
  const { document, complaint } = await ask({ name: "backup", argv: [...argv, "--dry-run"] }, terminal);
  const archives = (Array.isArray(document.archives) ? document.archives : []) as Pruned[];
  const items = archives.flatMap(({ id, outcome, reasons, bytes }): CleanupItem[] =>
    outcome === "would-delete"
      ? [{ kind: "archive", id, why: reasons.join("; ") || "no rule keeps it", bytes: bytes ?? null }]
      : [],
  );
  let pruned = false;
  return {
    items,
    notes: complaint === "" ? [] : [`archives: ${complaint}`],
    // Retention decides of all of them at once, so that the last good one is never among them.
    async remove() {
      if (pruned) return;
      pruned = true;
      const { code, complaint: why } = await ask({ name: "backup", argv: [...argv, "--yes"] }, terminal);
      if (code !== 0) throw new Error(why === "" ? "retention did not delete all of them" : why);
    },
  };
}
