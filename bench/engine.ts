import { execFileSync, spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "../infra/support";
import { inPairs, median, tell, type Side } from "./shared/pairs";

// `up` of the embedded engine against the Pulumi CLI, where there is one on PATH: three resources that did not change,
// then 500 in 50 layers, made and found in order again.

const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" } } });
const rounds = Number(values.rounds);

const three = `for (const name of ["one", "two", "three"]) new Plain(name, { value: name });`;
const layers = `let before = []; for (let layer = 0; layer < 50; layer++)
  before = Array.from({ length: 10 }, (_, n) => new Plain("r" + layer + "-" + n, { value: String(n) }, { dependsOn: before }));`;

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "dnd-bench-"));
  try {
    await measure(folder, "three", three, "nothing to do, 3 resources");
    await measure(folder, "layers", layers, "500 resources in 50 layers");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, name: string, program: string, title: string): Promise<void> {
  const ours = await writeProject(join(folder, `${name}-embedded`), name, program);
  const theirs = await writeProject(join(folder, `${name}-cli`), name, program);
  const embedded: Side = { name: "embedded engine", run: () => embeddedUp(ours) };
  const cli: Side = { name: "Pulumi CLI", run: () => cliUp(theirs) };
  await embeddedUp(ours, true);
  console.log(`\n${title}`);
  if (!hasCli()) {
    console.log("there is no pulumi on PATH to compare with");
    console.log(`${embedded.name}: ${(await alone(embedded)).toFixed(0)} ms`);
  } else {
    pulumi(theirs, ["stack", "init", "dev"]);
    if (name === "layers") await firstTimes(folder, program);
    else await cliUp(theirs);
    tell(embedded, cli, await inPairs(embedded, cli, rounds), "at most 1");
  }
  console.log(`peak memory of the embedded engine: ${Math.round(peakKilobytes / 1024)} MB`);
}

/** Making them all, each time from nothing. */
async function firstTimes(folder: string, program: string): Promise<void> {
  let n = 0;
  const fresh = (side: string) => writeProject(join(folder, `fresh-${side}-${n++}`), "layers", program);
  const embedded: Side = {
    name: "embedded engine, from nothing",
    run: async () => embeddedUp(await fresh("embedded"), true),
  };
  const cli: Side = {
    name: "Pulumi CLI, from nothing",
    run: async () => {
      const project = await fresh("cli");
      pulumi(project, ["stack", "init", "dev"]);
      await cliUp(project);
    },
  };
  tell(embedded, cli, await inPairs(embedded, cli, Math.min(rounds, 3)), "at most 1");
}

async function alone(side: Side): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    await side.run();
    times.push(performance.now() - started);
  }
  return median(times);
}

async function writeProject(project: string, name: string, program: string): Promise<string> {
  await mkdir(join(project, "backend"), { recursive: true });
  const head = `name: ${name}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n`;
  await writeFile(join(project, "Pulumi.yaml"), head);
  await writeFile(join(project, "package.json"), `{ "name": "${name}", "main": "index.js" }\n`);
  await copyFile(join(__dirname, "plain.cjs"), join(project, "plain.cjs"));
  await writeFile(join(project, "index.js"), `const { Plain } = require("./plain.cjs");\n${program}\n`);
  await symlink(join(projectRoot, "node_modules"), join(project, "node_modules"));
  return project;
}

let peakKilobytes = 0;

/** The face in a process of its own, as a command calls it. */
async function embeddedUp(project: string, create = false): Promise<void> {
  const script = `
    const { createStack, up } = require(${JSON.stringify(join(projectRoot, "embedded", "pulumi"))});
    const { Secret } = require(${JSON.stringify(join(projectRoot, "infra", "support"))});
    const stack = { projectDir: process.cwd(), stack: "dev", backendUrl: "file://" + process.cwd() + "/backend", passphrase: new Secret("bench") };
    (async () => {
      if (${String(create)}) await createStack(stack);
      const { outcome } = await up({ ...stack, onEvent: () => undefined });
      console.log(process.resourceUsage().maxRSS);
      process.exit(outcome === "succeeded" ? 0 : 1);
    })();`;
  const loader = join(projectRoot, "infra", "support", "typescript.cjs");
  const output = await run(process.execPath, ["--require", loader, "-e", script], project);
  peakKilobytes = Math.max(peakKilobytes, Number(output));
}

async function cliUp(project: string): Promise<void> {
  const args = ["up", "--yes", "--skip-preview", "--non-interactive", "--stack", "dev"];
  await run("pulumi", args, project, cliEnvironment(project));
}

function hasCli(): boolean {
  try {
    execFileSync("pulumi", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function pulumi(project: string, args: string[]): void {
  execFileSync("pulumi", args, { cwd: project, env: cliEnvironment(project), stdio: "ignore" });
}

function cliEnvironment(project: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PULUMI_BACKEND_URL: `file://${join(project, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: "bench",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

function run(
  command: string,
  args: string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (data) => (stdout += String(data)));
    child.stderr.on("data", (data) => (stderr += String(data)));
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0
        ? resolve(stdout)
        : reject(new Error(`${command} ended with ${String(code)}\n${stdout}${stderr}`)),
    );
  });
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
