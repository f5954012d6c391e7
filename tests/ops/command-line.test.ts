import summaries from "../../ops/commands.json";
import { dnd } from "./dnd";

test("help lists every command and answers at once", async () => {
  const runs = [await dnd(["--help"]), await dnd(["--help"]), await dnd(["--help"])];
  const help = runs.reduce((best, run) => (run.durationMs < best.durationMs ? run : best));
  expect(help.code).toBe(0);
  for (const { name } of summaries) expect(help.stdout).toMatch(new RegExp(`^  ${name} `, "m"));
  // A quarter of a second is what it takes where nothing else runs; TypeScript alone would take longer than this.
  expect(help.durationMs).toBeLessThan(400);
});

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
