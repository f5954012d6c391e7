import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { projectRoot } from "../../infra/support";
import { settingsReference } from "./settings-reference";

const page = join(projectRoot, "docs", "settings.md");

test("docs/settings.md is what the schema says", async () => {
  const options = await resolveConfig(page);
  const wanted = await format(settingsReference(), { ...options, filepath: page });
  if (process.env.DND_WRITE_DOCS) writeFileSync(page, wanted);
  expect(readFileSync(page, "utf8")).toBe(wanted);
});

test("nearly every setting says what it is", () => {
  const rows = settingsReference()
    .split("\n")
    .filter((line) => /^\| `/.test(line));
  const silent = rows.filter((line) => / \|\s+\|$/.test(line)).length;
  expect(rows.length).toBeGreaterThan(80);
  expect(silent / rows.length).toBeLessThan(0.5);
});
