import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import commands from "../../ops/commands.json";
import type { ReleaseSummary } from "../../infra/engines/release";
import { projectRoot } from "../../infra/support";
import { dependencies } from "../../package.json";
import { describeWith, findTool } from "../harness/tools";
import { dnd } from "../ops/dnd";

interface Step {
  name?: string;
  if?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}
interface Job {
  uses?: string;
  with?: Record<string, unknown>;
  steps?: Step[];
  environment?: string;
  permissions?: Record<string, string>;
  "timeout-minutes"?: number;
  concurrency?: { group: string };
}
interface Workflow {
  permissions?: Record<string, string>;
  concurrency?: { group: string; "cancel-in-progress": unknown };
  jobs: Record<string, Job>;
}

const folder = join(projectRoot, ".github", "workflows");
const files = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
const workflows = files.map(({ name, text }) => ({ name, text, workflow: parse(text) as Workflow }));
/** What a pull request's preview and a release have in common. */
const imageAction = readFileSync(join(projectRoot, ".github", "actions", "image", "action.yml"), "utf8");
const imageSteps = (parse(imageAction) as { runs: { steps: Step[] } }).runs.steps;
const scripts = (
  JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as { scripts: Record<string, string> }
).scripts;

function stepsOf(workflow: Workflow): Step[] {
  return Object.values(workflow.jobs).flatMap(({ steps = [] }) => steps);
}

const jobsOf = (name: string) => workflows.find((one) => one.name === name)?.workflow.jobs ?? {};

/** The group of the whole, or of each job. */
function groupsOf({ concurrency, jobs }: Workflow): (string | undefined)[] {
  return concurrency ? [concurrency.group] : Object.values(jobs).map((job) => job.concurrency?.group);
}

test("the workflows that the guides name are there", () => {
  expect(files.map(({ name }) => name).sort()).toEqual([
    "ci.yml",
    "deploy-production.yml",
    "deploy-staging.yml",
    "nightly.yml",
    "preview.yml",
    "uptime.yml",
  ]);
});

describe.each(workflows)("$name", ({ text, workflow }) => {
  test("takes foreign actions by the digest of a commit alone, with the version beside it", () => {
    const lines = text.split("\n").filter((line) => /\buses:/.test(line) && !line.includes("./.github/"));
    for (const line of lines) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("may read the contents and little else, and never two of them run on one stack", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    expect(groupsOf(workflow).every(Boolean)).toBe(true);
    for (const job of Object.values(workflow.jobs)) {
      const granted = Object.entries(job.permissions ?? {}).filter(([, right]) => right === "write");
      for (const [what] of granted) expect(["id-token", "pull-requests"]).toContain(what);
      if (!job.uses) expect(job["timeout-minutes"]).toBeGreaterThan(0);
    }
    for (const { uses, with: given } of stepsOf(workflow))
      if (uses?.startsWith("actions/checkout@")) expect(given?.["persist-credentials"]).toBe(false);
  });

  test("puts nothing that somebody else may have typed into a shell's text", () => {
    for (const { run = "" } of [...stepsOf(workflow), ...imageSteps]) expect(run).not.toMatch(/\$\{\{/);
  });

  test("runs nobody else's code with secrets, and hands on those alone that are named", () => {
    expect(text).not.toMatch(/pull_request_target|workflow_run|secrets: inherit/);
  });

  test("vouches for a job at AWS only where the job has an environment of its own, which somebody guards", () => {
    for (const { steps = [], permissions = {}, environment } of Object.values(workflow.jobs)) {
      const entersAws = steps.some(({ uses = "" }) => uses.startsWith("aws-actions/"));
      expect(permissions["id-token"]).toBe(entersAws ? "write" : undefined);
      expect(environment !== undefined).toBe(entersAws);
    }
  });

  test("installs the very engine that the program is written for", () => {
    for (const { uses, with: given } of stepsOf(workflow))
      if (uses?.startsWith("pulumi/actions@"))
        expect(given).toEqual({ "pulumi-version-file": ".pulumi.version" });
  });

  test("calls npm scripts that exist", () => {
    for (const { run = "" } of stepsOf(workflow))
      for (const [, script = ""] of run.matchAll(/npm run ([\w:-]+)/g))
        expect(Object.keys(scripts)).toContain(script);
  });
});

const calls = [
  ...new Set(
    workflows
      .flatMap(({ workflow }) => stepsOf(workflow))
      .flatMap(({ run = "" }) =>
        [...run.matchAll(/npx --no dnd ([^\n>|]+)/g)].map(([, call = ""]) => call.trim()),
      ),
  ),
];

test.each(calls)("`dnd %s` is a command with these options", async (call) => {
  const [name = "", ...words] = call.replace(/\s2$|"/g, "").split(/\s+/);
  expect(commands.map((command) => command.name)).toContain(name);
  const { stdout } = await dnd([name, "--help"]);
  for (const option of words.filter((word) => word.startsWith("--"))) expect(stdout).toContain(option);
});

test("a deployment to production goes through the seven stages, and skips tests for a reason only", () => {
  const production = workflows.find(({ name }) => name === "deploy-production.yml");
  const { jobs } = production?.workflow ?? { jobs: {} };
  expect(Object.keys(jobs)).toEqual(["validation", "tests", "release", "notifications"]);
  const release = (jobs.release?.steps ?? []).flatMap(({ run = [] }) => run);
  const at = (words: string) => release.findIndex((run) => run.includes(words));
  expect(at("dnd check --stack production --skip-tests")).toBeLessThan(at("--strict"));
  expect(at("--strict")).toBeLessThan(at("dnd up"));
  expect(release[at("dnd up")]).toContain("--policy-pack policy");
  expect(at("dnd up")).toBeLessThan(at("dnd verify"));
  expect(production?.text).toContain("skip_tests needs a reason");
});

/** Runs the text of a step as a runner does, with some programs played. */
async function ran(step: Step | undefined, env: NodeJS.ProcessEnv, played: Record<string, string> = {}) {
  const bin = await mkdtemp(join(tmpdir(), "dnd-step-"));
  for (const [name, text] of Object.entries(played))
    await writeFile(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const out = join(bin, "out");
  const all = { PATH: `${bin}:${process.env.PATH ?? ""}`, GITHUB_OUTPUT: out, ...env };
  try {
    const { stdout } = await promisify(execFile)("bash", ["-e", "-c", step?.run ?? "exit 99"], { env: all });
    return { code: 0, stdout, output: existsSync(out) ? readFileSync(out, "utf8") : "" };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, stdout, output: "" };
  } finally {
    await rm(bin, { recursive: true });
  }
}

test("a reason of nothing but spaces is none", async () => {
  const step = jobsOf("deploy-production.yml").validation?.steps?.find(
    ({ name }) => name === "An emergency has a reason",
  );
  expect(step?.if).toBe("${{ inputs.skip_tests }}");
  for (const REASON of ["", "  ", "\t\n"]) expect(await ran(step, { REASON })).toMatchObject({ code: 1 });
  expect(await ran(step, { REASON: '$(touch x); "the login is down"' })).toMatchObject({
    code: 0,
    stdout: "",
  });
});

test("what is released is the commit that was looked at, wherever its tag or branch has moved meanwhile", async () => {
  const { validation, ...later } = jobsOf("deploy-production.yml");
  const step = validation?.steps?.find(({ run = "" }) => run.includes("GITHUB_OUTPUT"));
  expect((await ran(step, {}, { git: "echo 0123456" })).output).toBe("commit=0123456\n");
  const taken = Object.values(later).flatMap(({ with: given, steps = [] }) => [
    ...(given ? [given.ref] : []),
    ...steps.flatMap(({ uses, with: to }) => (uses?.startsWith("actions/checkout@") ? [to?.ref] : [])),
  ]);
  expect(taken).toEqual(["${{ needs.validation.outputs.commit }}", "${{ needs.validation.outputs.commit }}"]);
});

test("what a pull request brings along cannot read the key that proofs are signed with", () => {
  const step = jobsOf("ci.yml").prove?.steps?.find(({ run = "" }) => run.includes("DND_PROOF_KEY="));
  expect(step?.if).toBe("${{ github.event_name != 'pull_request' }}");
});

test("the engine of the workflows is of the same version as the program's own library", () => {
  const version = readFileSync(join(projectRoot, ".pulumi.version"), "utf8").trim();
  expect(version).toBe(dependencies["@pulumi/pulumi"]);
});

test("whatever previews or brings up a stack is judged by the policies", () => {
  const runs = workflows.flatMap(({ workflow }) => stepsOf(workflow).flatMap(({ run = [] }) => run));
  const changing = runs.filter((run) => /dnd (preview|up)/.test(run) && !run.includes("--expect-no-changes"));
  expect(changing).toHaveLength(5);
  for (const run of changing) expect(run).toContain("--policy-pack policy");
});

test("staging is previewed before it is brought up: what the policies say of the whole stack comes first", () => {
  const runs = (jobsOf("deploy-staging.yml").release?.steps ?? []).flatMap(({ run = [] }) => run);
  const at = (words: string) =>
    runs.findIndex((run) => run.includes(words) && run.includes("--policy-pack policy"));
  expect(at("dnd preview")).toBeGreaterThanOrEqual(0);
  expect(at("dnd preview")).toBeLessThan(at("dnd up"));
});

describeWith("jq")("the nightly drift", () => {
  const look = async (releases: Partial<ReleaseSummary>[]) => {
    const step = jobsOf("nightly.yml").drift?.steps?.find(({ run = "" }) => run.includes("git checkout"));
    const npx = `cat <<'END'\n${JSON.stringify(releases)}\nEND`;
    return ran(step, { STACK: "staging" }, { npx, git: 'echo "git $*"', npm: "exit 0" });
  };

  test("takes the sources of the newest release that ended well", async () => {
    const releases = [
      { state: "failed", commit: "cccc" },
      { state: "done", commit: "bbbb" },
      { state: "done", commit: "aaaa" },
    ] as const;
    expect(await look([...releases])).toMatchObject({ code: 0, stdout: "git checkout --quiet bbbb\n" });
  });

  test("says so where there is none", async () => {
    for (const releases of [[], [{ state: "done", commit: null }] as const])
      expect(await look([...releases])).toMatchObject({
        code: 1,
        stdout: expect.stringContaining("nothing tells which commit runs in staging") as string,
      });
  });
});

test("the nightly look never meets a release of the same stack, and its drift is judged by the sources that run", () => {
  const of = (name: string) => workflows.find((one) => one.name === name)?.workflow ?? { jobs: {} };
  expect(groupsOf(of("deploy-staging.yml"))).toEqual(["deploy-staging"]);
  expect(groupsOf(of("deploy-production.yml"))).toEqual(["deploy-production"]);
  expect(new Set(groupsOf(of("nightly.yml")))).toEqual(new Set(["deploy-${{ matrix.stack }}"]));
  const drift = (of("nightly.yml").jobs.drift?.steps ?? []).flatMap(({ run = [] }) => run);
  expect(drift.findIndex((run) => run.includes("git checkout"))).toBeLessThan(
    drift.findIndex((run) => run.includes("--expect-no-changes")),
  );
});

test("an image that is there is not built again: another build would be another digest, which has passed nowhere", async () => {
  for (const name of ["ci.yml", "preview.yml"])
    expect(
      stepsOf({ jobs: jobsOf(name) }).filter(({ uses }) => uses === "./.github/actions/image"),
    ).toHaveLength(1);
  const step = imageSteps.find(({ run = "" }) => run.includes("docker buildx build"));
  const docker = 'echo "docker $*"\n[ "$2" != imagetools ] || exit "$MISSING"';
  const said = async (PUSH: string, MISSING: "0" | "1") => {
    const env = { REPOSITORY: "guild/tracker", PUSH, MISSING };
    return (await ran(step, env, { docker, git: "echo 0123456" })).stdout;
  };
  expect(await said("yes", "0")).toBe("guild/tracker:0123456 is there\n");
  expect(await said("yes", "1")).toMatch(/docker buildx build .*--tag guild\/tracker:0123456 --push/);
  expect(await said("", "0")).toMatch(/docker buildx build .*--tag guild\/tracker:0123456\s*$/);
});

test("an image is built by the file that the repository names, the same for a preview and a release", async () => {
  for (const name of ["ci.yml", "preview.yml"]) {
    const text = workflows.find((one) => one.name === name)?.text ?? "";
    expect(text).toContain("dockerfile: ${{ vars.IMAGE_DOCKERFILE }}");
  }
  const step = imageSteps.find(({ run = "" }) => run.includes("docker buildx build"));
  expect(step?.env).toMatchObject({ DOCKERFILE: "${{ inputs.dockerfile || 'Dockerfile' }}" });
  const env = { REPOSITORY: "guild/tracker", DOCKERFILE: "Dockerfile.monitor", PUSH: "" };
  const { stdout } = await ran(step, env, { docker: 'echo "docker $*"', git: "echo 0123456" });
  expect(stdout).toContain("docker buildx build . --file Dockerfile.monitor ");
});

test("what proves a commit, and what lets one pass without, is signed with the key of the secrets where there is one", () => {
  const proving = /dnd check .*--(prove|skip-tests)/;
  const signed = workflows.flatMap(({ name, workflow }) =>
    Object.values(workflow.jobs).flatMap(({ steps = [] }) => {
      const at = steps.findIndex(({ run = "" }) => proving.test(run));
      return at < 0 ? [] : [[name, steps[at - 1]?.run?.includes("DND_PROOF_KEY=")]];
    }),
  );
  expect(signed).toEqual([
    ["ci.yml", true],
    ["deploy-production.yml", true],
  ]);
});

test("an emergency goes past staging for a reason that somebody typed, and for nothing else", () => {
  const production = workflows.find(({ name }) => name === "deploy-production.yml");
  expect(production?.text).toContain("DND_OVERRIDE_PROMOTION: ${{ inputs.override_promotion }}");
  expect(production?.text).toMatch(
    /override_promotion:\n\s+description: .+\n\s+type: string\n\s+default: ""/,
  );
});

test("every file of the project that a step names exists", () => {
  for (const { workflow } of workflows)
    for (const { uses } of [...stepsOf(workflow), ...Object.values(workflow.jobs)])
      if (uses?.startsWith("./")) expect(existsSync(join(projectRoot, uses))).toBe(true);
});

describeWith("actionlint")("the checker of workflow files", () => {
  test("has nothing to say", async () => {
    const run = promisify(execFile)(findTool("actionlint") ?? "", [
      "-no-color",
      ...files.map(({ name }) => join(folder, name)),
    ]);
    await expect(run).resolves.toMatchObject({ stdout: "" });
  });
});
