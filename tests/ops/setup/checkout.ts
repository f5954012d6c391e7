import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../infra/support";

export interface Run {
  code: number | null;
  text: string;
}

const made: string[] = [];
afterAll(() => Promise.all(made.map((root) => rm(root, { recursive: true, force: true }))));

/** A bare checkout with the set-up scripts, one dependency in its lock file, and an npm that obeys the test. */
export async function bareCheckout(
  npm: string,
): Promise<{ root: string; run(env?: NodeJS.ProcessEnv): Promise<Run> }> {
  const root = await mkdtemp(join(tmpdir(), "dnd-bare-"));
  made.push(root);
  await cp(join(projectRoot, "ops", "setup"), join(root, "ops", "setup"), { recursive: true });
  await writeFile(join(root, "package-lock.json"), JSON.stringify(lock("1.0.0")));
  await writeFile(join(root, "ops", "go.mjs"), entry);
  await mkdir(join(root, "npm"));
  const npmScript = join(root, "npm", "npm-cli.cjs");
  await writeFile(npmScript, `${prelude}\n${npm}`);
  return {
    root,
    run: (env = {}) => run(root, { ...process.env, npm_execpath: npmScript, DND_DIR: undefined, ...env }),
  };
}

/** A lock file, and npm's own list of an install of it. */
export function lock(version: string): object {
  return { packages: { "": {}, "node_modules/dice": { version } } };
}

/** What the fake npm does when it behaves. */
export const installs = `
fs.rmSync("node_modules", { recursive: true, force: true });
fs.mkdirSync("node_modules/dice", { recursive: true });
const lock = JSON.parse(fs.readFileSync("package-lock.json", "utf8"));
fs.writeFileSync("node_modules/dice/package.json", JSON.stringify(lock.packages["node_modules/dice"]));
fs.writeFileSync("node_modules/.package-lock.json", JSON.stringify(lock));
`;

const prelude = `
const fs = require("node:fs");
fs.appendFileSync("npm.log", process.argv.slice(2).join(" ") + "\\n");
`;

const entry = `
import { inReadyCheckout } from "./setup/checkout.mjs";
await inReadyCheckout(() => console.log("ready"));
`;

function run(root: string, env: NodeJS.ProcessEnv): Promise<Run> {
  const child = spawn(process.execPath, [join(root, "ops", "go.mjs")], { env });
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  child.stderr.on("data", (chunk) => (text += chunk));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, text })));
}
