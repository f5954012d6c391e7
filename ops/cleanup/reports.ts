import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { CleanupContext } from "./context";
import type { CleanupPart } from "./item";

/** How long the reports of a round are of use: of a yearly one, until there is another two. */
const keptDays: Record<string, number> = {
  daily: 60,
  weekly: 180,
  monthly: 400,
  quarterly: 800,
  yearly: 1200,
};
const report = /^(daily|weekly|monthly|quarterly|yearly)-(\d{4}-\d{2}-\d{2})-.+\.(json|md|csv)$/;
const dayMs = 86_400_000;

/** Reports of rounds that nobody reads any more; no other file of their folder is touched. */
export async function oldReports({ reports, now }: CleanupContext): Promise<CleanupPart> {
  const names = await readdir(reports).catch(() => []);
  const old = names.flatMap((name) => {
    const [, round = "", day = ""] = report.exec(name) ?? [];
    const days = (now.getTime() - Date.parse(day)) / dayMs;
    const kept = keptDays[round];
    return kept !== undefined && days > kept ? [{ name, days: Math.floor(days), kept }] : [];
  });
  return {
    items: await Promise.all(
      old.map(async ({ name, days, kept }) => ({
        ...{ kind: "report" as const, id: name, why: `${days} days old, ${kept} are kept` },
        bytes: (await stat(join(reports, name)).catch(() => undefined))?.size ?? null,
      })),
    ),
    remove: ({ id }) => rm(join(reports, id), { force: true }),
    notes: [],
  };
}
