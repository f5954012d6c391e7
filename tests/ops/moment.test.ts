import { spawnSync } from "node:child_process";
import { projectRoot } from "../../infra/support";

/** What moments mean to a computer in Berlin, each as UTC or as the refusal. */
function inBerlin(texts: readonly string[]): string[] {
  const program = `
    require("./infra/support/typescript.cjs");
    const { momentOf } = require("./ops/moment.ts");
    const told = (text) => {
      try { return momentOf(text, new Date("2026-03-29T00:30Z"), "--at").toISOString(); }
      catch (error) { return error.kind + ": " + error.message; }
    };
    console.log(JSON.stringify(${JSON.stringify(texts)}.map(told)));`;
  const env = { ...process.env, TZ: "Europe/Berlin" };
  const { stdout } = spawnSync(process.execPath, ["-e", program], { cwd: projectRoot, env });
  return JSON.parse(String(stdout)) as string[];
}

const known: [string, string | RegExp][] = [
  ["2026-07-01", "2026-06-30T22:00:00.000Z"],
  ["2026-12-01 08:15", "2026-12-01T07:15:00.000Z"],
  ["2026-12-01T08:15:30", "2026-12-01T07:15:30.000Z"],
  ["2026-12-01T08:15Z", "2026-12-01T08:15:00.000Z"],
  // A time from then on is as long as it says, over a change of the clocks too.
  ["2h", "2026-03-29T02:30:00.000Z"],
  // The clocks go from 02:00 to 03:00.
  ["2026-03-29T01:59", "2026-03-29T00:59:00.000Z"],
  ["2026-03-29T02:30", /^usage: --at 2026-03-29T02:30 never comes[\s\S]*2026-03-29T01:30:00\.000Z/],
  ["2026-03-29T03:00", "2026-03-29T01:00:00.000Z"],
  ["2026-03-29T02:30+01:00", "2026-03-29T01:30:00.000Z"],
  // They go from 03:00 back to 02:00.
  ["2026-10-25T01:59", "2026-10-24T23:59:00.000Z"],
  [
    "2026-10-25 02:30",
    /^usage: --at 2026-10-25T02:30 comes twice[\s\S]*2026-10-25T00:30:00\.000Z or 2026-10-25T01:30:00\.000Z/,
  ],
  ["2026-10-25T03:00", "2026-10-25T02:00:00.000Z"],
];

test("a moment without a zone is this computer's, and is refused where its clock skips it or shows it twice", () => {
  const told = inBerlin(known.map(([text]) => text));
  for (const [index, [text, meant]] of known.entries()) {
    const said = `${text}: ${told[index]}`;
    if (typeof meant === "string") expect(said).toBe(`${text}: ${meant}`);
    else expect(told[index]).toMatch(meant);
  }
});
