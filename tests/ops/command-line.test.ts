import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import summaries from "../../ops/commands.json";
import { dnd, type DndRun } from "./dnd";

test("help lists every command and answers at once: in the time of a few bare starts of Node", async () => {
  const [help, bare] = [[], []] as [DndRun[], number[]];
  // In turns, so that what else the machine does weighs on both; the best of each is what they cost.
  for (let turn = 0; turn < 5; turn++) {
    bare.push(bareStart());
    help.push(await dnd(["--help"]));
  }
  expect(help.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  for (const { name } of summaries) expect(help[0]?.stdout).toMatch(new RegExp(`^  ${name} `, "m"));
  // Twice is usual. With the modules of a command it is four times, with TypeScript's compiler ten.
  const best = Math.min(...help.map(({ durationMs }) => durationMs));
  expect(best).toBeLessThan(4 * Math.min(...bare));
});

function bareStart(): number {
  const started = performance.now();
  spawnSync(process.execPath, ["-e", ""]);
  return performance.now() - started;
}

test.each(summaries.map(({ name }) => name))(
  "`dnd %s --help` shows the common options and an example",
  async (name) => {
    const { code, stdout } = await dnd([name, "--help"]);
    expect(code).toBe(0);
    for (const option of ["--stack", "--json", "--yes"]) expect(stdout).toContain(option);
    expect(stdout).toMatch(/Examples:\n {2}\$ .+/);
  },
);

test("an unknown command, an unknown option and a wrong value are wrong usage, and the nearest command is named", async () => {
  const command = await dnd(["preveiw"]);
  expect(command).toMatchObject({ code: 2, stdout: "" });
  expect(command.stderr).toContain("Did you mean preview?");
  expect((await dnd(["up", "--parralel", "3"])).stderr).toContain("--parallel");
  expect(await dnd(["up", "--parallel", "none"])).toMatchObject({ code: 2 });
  expect(await dnd(["up", "--engine", "steam"])).toMatchObject({ code: 2 });
  expect(await dnd(["up", "surplus"])).toMatchObject({ code: 2 });
});

test.each([
  ["said", "1"],
  ["said emptily", ""],
])("no colour, %s beside its opposite, is nothing that Node complains of", async (_said, no) => {
  const folder = await mkdtemp(join(tmpdir(), "dnd-colour-"));
  const look = join(folder, "look.cjs");
  // What Node does wherever it may write in colour.
  const looked =
    'process.once("beforeExit", () => require("node:tty").WriteStream.prototype.getColorDepth());';
  await writeFile(look, looked);
  try {
    const env = { NO_COLOR: no, FORCE_COLOR: "1", NODE_OPTIONS: `--require ${look}` };
    expect(await dnd(["--help"], env)).toMatchObject({ code: 0, stderr: "" });
  } finally {
    await rm(folder, { recursive: true });
  }
});
