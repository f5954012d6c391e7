import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { oldReports } from "../../../ops/cleanup/reports";
import { openTerminal } from "../../../ops/terminal";

test("reports go when their round has no use for them, and no other file does", async () => {
  const reports = await mkdtemp(join(tmpdir(), "dnd-cleanup-"));
  const names = [
    "daily-2026-01-01-local.md",
    "daily-2026-01-01-local.json",
    "yearly-2026-01-01-local.md",
    "daily-2026-11-20-local.md",
    "notes-2020-01-01-mine.md",
  ];
  for (const name of names) await writeFile(join(reports, name), "x");
  const context = {
    ...{ stack: "local", named: [], reports, now: new Date("2026-11-21T00:00:00Z") },
    terminal: openTerminal(true),
  };
  const { items, remove } = await oldReports(context);
  expect(items.map(({ id }) => id).sort()).toEqual([
    "daily-2026-01-01-local.json",
    "daily-2026-01-01-local.md",
  ]);
  for (const item of items) await remove(item);
  // What is gone already is no failure: a run that was killed is run again.
  for (const item of items) await remove(item);
  expect((await readdir(reports)).sort()).toEqual(names.slice(2).sort());
  expect((await oldReports(context)).items).toEqual([]);
  await rm(reports, { recursive: true });
});
