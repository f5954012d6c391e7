import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { freePort } from "../infra/drivers/processes";
import { projectRoot } from "../infra/support";
import { inPairs, tell, type Side } from "./shared/pairs";

// `up` with nothing to do, whole command: the local stack against a bare JavaScript program with three resources.

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, engine: { type: "string", default: "embedded" } },
});

const bareProgram = `
const pulumi = require("@pulumi/pulumi");
const provider = 'exports.handler=()=>require(require("path").resolve("plain.js"))';
class Plain extends pulumi.CustomResource {
  constructor(name, props) { super("pulumi-nodejs:dynamic/bare:Plain", name, { ...props, __provider: provider }); }
}
for (const name of ["one", "two", "three"]) new Plain(name, { value: name });
`;

const plainLifecycle = `
module.exports = {
  check: async (olds, news) => ({ inputs: news }),
  diff: async (id, olds, news) => ({ changes: olds.value !== news.value }),
  create: async (inputs) => ({ id: inputs.value, outs: inputs }),
  update: async (id, olds, news) => ({ outs: news }),
  delete: async () => {},
};
`;

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "dnd-bench-"));
  const env = { ...process.env, DND_DIR: await writeSettings(folder) };
  const ours = ["--stack", "local"];
  const bare = ["--stack", "bare", "--cwd", await writeBareProgram(folder)];
  const command = (name: string, where: string[]) =>
    dnd([name, ...where, "--yes", "--engine", values.engine], env);
  try {
    await command("up", ours);
    await command("up", bare);
    const a: Side = { name: "local stack, nothing to do", run: () => command("up", ours) };
    const b: Side = { name: "bare program with three resources", run: () => command("up", bare) };
    tell(a, b, await inPairs(a, b, Number(values.rounds)), "at most 1.5");
  } finally {
    await command("destroy", ours);
    await rm(folder, { recursive: true, force: true });
  }
}

/** The committed settings on a port of their own, so that the bench runs beside a stack that is up. */
async function writeSettings(folder: string): Promise<string> {
  const settings = await readFile(join(projectRoot, "Pulumi.local.yaml"), "utf8");
  const place = join(folder, "dnd");
  await mkdir(place, { mode: 0o700 });
  await writeFile(
    join(place, "Pulumi.local.yaml"),
    settings.replace(/port: \d+/, `port: ${await freePort(null, new Set())}`),
  );
  return place;
}

async function writeBareProgram(folder: string): Promise<string> {
  const project = join(folder, "bare");
  await mkdir(project);
  await writeFile(
    join(project, "Pulumi.yaml"),
    "name: bare\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
  );
  await writeFile(join(project, "package.json"), '{ "name": "bare", "main": "index.js" }\n');
  await writeFile(join(project, "index.js"), bareProgram);
  await writeFile(join(project, "plain.js"), plainLifecycle);
  await symlink(join(projectRoot, "node_modules"), join(project, "node_modules"));
  return project;
}

function dnd(args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(projectRoot, "ops", "dnd.cjs"), ...args], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.on("data", (data) => (stderr += String(data)));
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`dnd ${args.join(" ")}: code ${String(code)}\n${stderr}`)),
    );
  });
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
