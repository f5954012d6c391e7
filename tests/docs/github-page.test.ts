import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../infra/support";
import { readPage } from "./page";

const folder = join(projectRoot, ".github", "workflows");
const names = readdirSync(folder);
const text = names.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
const page = readPage("github.md");

/** The names in the first column of the table under a heading. */
function named(heading: string): string[] {
  const [, table = ""] = new RegExp(`^\\| ${heading} .*\\n((?:\\|.*\\n)+)`, "m").exec(page) ?? [];
  return table
    .split("\n")
    .flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([\w.-]+)`/g)].map(([, name = ""]) => name));
}

const used = (pattern: RegExp) =>
  [...new Set([...text.matchAll(pattern)].map(([, name = ""]) => name))].sort();

test("the page of the workflows has each of them", () => {
  expect(named("workflow").sort()).toEqual([...names].sort());
});

test("every secret and variable that a workflow reads is told there, and none besides", () => {
  expect(named("secret").sort()).toEqual(used(/secrets\.([A-Z_]+)/g));
  expect(named("variable").sort()).toEqual(used(/vars\.([A-Z_]+)/g));
});

test("so is every environment that somebody has to make and guard", () => {
  const of = used(/^ {4}environment: (.+)$/gm).flatMap((name) =>
    name.includes("matrix.stack")
      ? ["staging", "production"].map((stack) => name.replace(/\$\{\{.*\}\}/, stack))
      : [name],
  );
  expect(named("environment").sort()).toEqual(of.sort());
});

test("the seven stages are told in their order, each with a job that there is", () => {
  expect([...page.matchAll(/^\| (\w+) +\| `(\w+)` +\|/gm)].map(([, stage]) => stage)).toEqual([
    ...["validation", "tests", "backup", "migration", "deployment", "validation", "notifications"],
  ]);
});
