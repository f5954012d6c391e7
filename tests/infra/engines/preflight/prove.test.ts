import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  keepProof,
  proofCommands,
  prove,
  runGates,
  type ProofCommand,
} from "../../../../infra/engines/preflight";
import { projectRoot, silent } from "../../../../infra/support";
import { calmNeighbours, calmWishes } from "./world";

const commit = "0123456789abcdef0123456789abcdef01234567";
const signal = AbortSignal.timeout(120_000);
let folder: string;
const outside = process.env.DND_DIR;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-prove-"));
  process.env.DND_DIR = folder;
});
afterAll(async () => {
  if (outside === undefined) delete process.env.DND_DIR;
  else process.env.DND_DIR = outside;
  await rm(folder, { recursive: true });
});

const node = (name: string, program: string, more: Partial<ProofCommand> = {}): ProofCommand => ({
  ...{ name, command: [process.execPath, "-e", program], timeoutMs: 60_000 },
  ...more,
});
const proven = (commands: ProofCommand[]) =>
  prove({ commit, folder, commands, key: null, progress: silent, signal });

describe("the proof of a commit", () => {
  test("is of its build, its lint, its types, its tests with 70 lines of 100 covered, and the audit", () => {
    expect(proofCommands.map(({ name }) => name)).toEqual(["build", "lint", "types", "tests", "audit"]);
    const tests = proofCommands.find(({ name }) => name === "tests");
    expect(tests?.command).toContain('--coverageThreshold={"global":{"lines":70}}');
  });

  test("bundles the app as the image does, and leaves nothing behind", async () => {
    const build = proofCommands.filter(({ name }) => name === "build");
    const { kind, commands } = await prove({
      ...{ commit, folder: projectRoot, commands: build },
      ...{ key: null, progress: silent, signal },
    });
    expect(commands).toEqual([expect.objectContaining({ name: "build", outcome: "passed", detail: "" })]);
    expect(kind).toBe("passed");
    const dockerfile = await readFile(join(projectRoot, "Dockerfile"), "utf8");
    const bundles = /esbuild ([^\\]*)\\/.exec(dockerfile)?.[1]?.trim().split(" ") ?? [];
    expect(build[0]?.command).toEqual(expect.arrayContaining(bundles));
  });

  test("says what failed and how it ended, and what could not be asked is neither", async () => {
    const judge = proofCommands.at(-1)?.judge;
    const { kind, commands } = await proven([
      node("lint", "console.log('one line too long'); process.exit(3)"),
      node("types", "setTimeout(() => undefined, 600_000)", { timeoutMs: 50 }),
      node("tests", ""),
      node("audit", "console.error('npm error 405')", judge ? { judge } : {}),
    ]);
    expect(kind).toBe("failed");
    expect(commands.map(({ name, outcome, detail }) => [name, outcome, detail])).toEqual([
      ["lint", "failed", "ended with 3: one line too long"],
      ["types", "failed", "ended by force: "],
      ["tests", "passed", ""],
      ["audit", "unasked", "could not be asked: npm error 405"],
    ]);
  });

  test("keeps how much the tests cover, and where they failed which of them and for what", async () => {
    const { telling = /never/ } = proofCommands.find(({ name }) => name === "tests") ?? {};
    const covered = "console.log('Lines        : 71.2% ( 712/1000 )')";
    const unmet = 'Jest: "global" coverage threshold for lines (70%) not met: 54.2%';
    const failing = `console.error(${JSON.stringify(unmet)}); console.error('Tests: 12 passed'); process.exit(1)`;
    const { commands } = await proven([
      node("tests", covered, { telling }),
      node("tests", failing, { telling }),
    ]);
    const details = commands.map(({ detail }) => detail);
    expect(details).toEqual(["Lines : 71.2% ( 712/1000 )", `ended with 1: ${unmet}`]);
  });

  test("is read by the gate as proven, as failed or as missing, with its commit and its age", async () => {
    const calm = { ...calmWishes("prove", folder), address: null, commit };
    const asks = { ...calm.rules, proof: { wanted: true, withinMs: 86_400_000, signers: null } };
    const gate = async (minutesLater = 0) => {
      const now = new Date(Date.now() + minutesLater * 60_000);
      const { gates } = await runGates({ ...calm, rules: asks }, calmNeighbours, {
        ...{ signal, now, progress: silent, only: ["proof"] },
      });
      return `${gates[0]?.state}${gates[0]?.stops ? "!" : ""} ${gates[0]?.reason}`;
    };
    expect(await gate()).toBe("warn! missing for commit 012345678");
    await keepProof(await proven([node("tests", "")]), null);
    expect(await gate(14)).toMatch(/^ok proven for commit 012345678, 14 minutes old, by /);
    await keepProof(await proven([node("tests", "process.exit(1)")]), null);
    expect(await gate()).toMatch(/^fail! failed for commit 012345678, .* by .*: tests$/);
  });
});
