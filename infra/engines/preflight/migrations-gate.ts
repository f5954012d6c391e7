import { fail, ok, warn, type Finding, type Gate } from "./gate";
import type { Site } from "./site";

const remedy =
  "`dnd migrate validate` shows each of them; mend it, or accept it in the file with its reason.";

/** The migrations are whole, in order, and none that waits breaks the code that runs without saying so. */
export const migrationsGate: Gate = {
  name: "migrations",
  async look(site): Promise<Finding> {
    const { folder, requireDown, skip } = site.wishes.migrations;
    const [{ pending, problems }, review] = await Promise.all([
      plannedAt(site),
      site.neighbours.reviewMigrations(folder, { requireDown }),
    ]);
    const wrong = [...new Set([...problems, ...review.problems])];
    if (wrong.length > 0) return fail(wrong.join("; "), remedy);
    const waiting = skip ? [] : pending.map(({ version }) => version);
    const open = review.findings.filter(
      ({ file, accepted }) => accepted === null && waiting.some((version) => file.includes(version)),
    );
    const breaking = open.filter(({ rule }) => rule.startsWith("breaking-") || rule === "tighter-validator");
    const told = (found: typeof open) => found.map(({ file, what }) => `${file}: ${what}`).join("; ");
    if (breaking.length > 0) return fail(`unmarked breaking change: ${told(breaking)}`, remedy);
    if (open.length > 0) return warn(told(open), remedy);
    const left = skip && pending.length > 0 ? ` (${pending.length} are left where they are)` : "";
    return ok(`${waiting.length} pending, all valid${left}`);
  },
};

/** What is pending at a site; where its database does not answer, all that the files have. */
export function plannedAt({ wishes, neighbours, server, signal }: Site) {
  const { folder, schema, requireDown } = wishes.migrations;
  const address = server ? wishes.address : null;
  return neighbours.planMigrations({ address, folder, schema: schema ?? undefined, requireDown, signal });
}
