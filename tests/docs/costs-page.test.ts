import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../infra/support";
import { connectionBudget } from "../../stacks/connection-budget";
import { readSettings, type Settings } from "../../stacks/settings";
import { readPage } from "./page";

const page = readPage("costs.md");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("|"))
  .map((line) =>
    line
      .split("|")
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
const rowOf = (begin: string) => rows.find(([what = ""]) => what.startsWith(begin)) ?? [];

/** The amount of a cell: what stands behind its colon or is its first number, rounded up as the page says. */
function amount(cell = ""): number {
  const [, number = "0"] = /(\d+(?:\.\d+)?)/.exec(cell.split(":").at(-1) ?? "") ?? [];
  return Math.ceil(Number(number));
}

function committed(stack: string): Settings {
  const text = readFileSync(join(projectRoot, `Pulumi.${stack}.yaml`), "utf8");
  const { config } = parse(text) as { config: Record<string, unknown> };
  const values = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return readSettings(Object.fromEntries(values) as Record<string, string>, {}, stack);
}

const tierOf = ({ database }: Settings) => (database.kind === "atlas" ? database.tier : "");

test("each column adds up to its sum", () => {
  const counted = ["Atlas cluster", "Atlas backups", "Fly machines", "Fly fixed address", "S3"].map(rowOf);
  const sum = (at: number) => counted.map((row) => amount(row[at])).reduce((all, one) => all + one, 0);
  const [, staging = "", production = ""] = rowOf("sum");
  expect(amount(staging)).toBe(sum(1));
  expect([...production.matchAll(/\d+/g)].map(Number)).toEqual([
    sum(2),
    sum(2) - amount(rowOf("Atlas cluster")[2]) + amount(rowOf("the same while it has grown")[2]),
  ]);
});

test("what is counted is what the stacks are committed as", () => {
  const [staging, production, review] = [committed("staging"), committed("production"), committed("pr")];
  const [, ofStaging = "", ofProduction = ""] = rowOf("Atlas cluster");
  expect(ofStaging).toContain(`${tierOf(staging)}:`);
  expect(ofProduction).toContain(`${tierOf(production)},`);
  expect(rowOf("the same while it has grown")[0]).toContain(
    production.database.kind === "atlas" ? (production.database.largestTier ?? "") : "",
  );
  const machines = rowOf("Fly machines")[0];
  for (const { app } of [staging, production]) {
    expect(app).toMatchObject({ machines: 2, regions: ["iad"], addresses: { egress: true } });
    expect(machines).toContain(`\`${app.size}\`, ${app.memory / 1024} GB, two of them`);
  }
  expect(page.replace(/\s+/g, " ")).toContain(
    `one \`${review.app.size}\` of ${review.app.memory} MB (3.69, list price), a fixed address (3.60) and ${tierOf(review)}: about ${Math.ceil(((3.69 + 3.6) / 30) * 100) / 100}`,
  );
});

test("the limits of connections are those that a preview goes by", () => {
  const told = rowOf("connections of the cluster")[1] ?? "";
  const limits = ["M0", "FLEX", "M10", "M20", "M30"].map((tier) => {
    const database = JSON.stringify({ kind: "atlas", name: "tales", tier });
    const settings = readSettings(
      { "dnd-tracker:environment": "staging", "dnd-tracker:database": database },
      {},
    );
    return String(connectionBudget(settings)?.limit);
  });
  expect(told).toBe(`M0 and FLEX ${limits[0]}, M10 ${limits[2]}, M20 and M30 ${limits[3]} for each member`);
  expect([limits[1], limits[4]]).toEqual([limits[0], limits[3]]);
});
