import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../infra/support";
import { describeWith } from "../harness/tools";

interface Step {
  name?: string;
  uses?: string;
  run?: string;
}

interface Job {
  permissions?: Record<string, string>;
  "timeout-minutes"?: number;
  needs?: string | string[];
  environment?: string;
  steps: Step[];
}

interface Workflow {
  permissions?: Record<string, string>;
  concurrency?: { group: string; "cancel-in-progress": boolean };
  jobs: Record<string, Job>;
}

const folder = join(projectRoot, ".github", "workflows");
const files = readdirSync(folder);
const workflows = files.map((file): [string, Workflow] => [
  file,
  parse(readFileSync(join(folder, file), "utf8")) as Workflow,
]);
const steps = ({ jobs }: Workflow) => Object.values(jobs).flatMap((job) => job.steps);
const manifest = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};
const commands = readdirSync(join(projectRoot, "ops", "commands")).map((file) => file.replace(/\.ts$/, ""));

/** The single commands of a step's lines. */
function words(run: string): string[] {
  return run.split(/\n|&&|\|\s*$|;/).map((line) => line.trim());
}

test("there is one for each occasion", () => {
  expect(files.sort()).toEqual([
    "ci.yml",
    "deploy-production.yml",
    "deploy-staging.yml",
    "nightly.yml",
    "preview.yml",
  ]);
});

describe.each(workflows)("%s", (file, workflow) => {
  test("pins every action to a commit", () => {
    const used = steps(workflow).flatMap(({ uses }) => (uses === undefined ? [] : [uses]));
    expect(used.length).toBeGreaterThan(0);
    for (const one of used) expect(one).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });

  test("may read the sources, and each job only what it needs beside", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    const allowed = { contents: "read", "id-token": "write", "pull-requests": "write" };
    for (const job of Object.values(workflow.jobs)) expect(allowed).toMatchObject(job.permissions ?? {});
  });

  test("never runs twice at once, and a deployment is never cut off by the next", () => {
    expect(workflow.concurrency?.group).toBeTruthy();
    const cuts = ["ci.yml", "preview.yml"].includes(file);
    expect(workflow.concurrency?.["cancel-in-progress"]).toBe(cuts);
    for (const job of Object.values(workflow.jobs)) expect(job["timeout-minutes"]).toBeGreaterThan(0);
  });

  test("runs only scripts and commands that there are", () => {
    const lines = steps(workflow).flatMap(({ run }) => (run === undefined ? [] : words(run)));
    for (const line of lines) {
      const [, script] = /^npm run ([\w:-]+)/.exec(line) ?? [];
      if (script !== undefined) expect(manifest.scripts).toHaveProperty([script]);
      const [, command] = /^npx --no dnd ([\w-]+)/.exec(line) ?? [];
      if (command !== undefined) expect(commands).toContain(command);
      expect(line).not.toMatch(/^npx (?!--no )/);
    }
  });

  test("puts nothing that somebody typed into a shell", () => {
    for (const { run = "" } of steps(workflow)) expect(run).not.toContain("${{");
  });
});

test("production goes through its seven stages, and only with an approval", () => {
  const production = Object.fromEntries(workflows)["deploy-production.yml"];
  expect(Object.keys(production?.jobs ?? {})).toEqual([
    "validation",
    "tests",
    "release",
    "after",
    "notifications",
  ]);
  expect(production?.jobs.release?.environment).toBe("production");
  expect(production?.jobs.release?.needs).toEqual(["validation", "tests"]);
});

describeWith("actionlint")("the workflows", () => {
  test("are what GitHub understands", () => {
    const paths = files.map((file) => join(folder, file));
    expect(execFileSync("actionlint", ["-no-color", "-shellcheck=", ...paths], { encoding: "utf8" })).toBe(
      "",
    );
  });
});
