import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { OperatorError } from "../../../infra/support";
import { endWithEngine } from "../providers";

export interface ProgramStart {
  /** The folder of Pulumi.yaml. */
  root: string;
  /** Where the program lies. */
  folder: string;
  project: string;
  stack: string;
  organization: string;
  nodeArgs: string[];
  typescript: boolean;
  engineAddress: string;
  dryRun: boolean;
  parallel: number;
  config: Record<string, string>;
  secretKeys: string[];
  env: NodeJS.ProcessEnv;
  onLine(line: string): void;
}

/** The exit code with which a program says that its error has been logged already. */
const failedAndSaid = 32;

/** The user's program, run by the SDK's own runner in a process of its own. */
export class Program {
  private constructor(
    private readonly child: ChildProcess,
    /** How it ended: well, with an error that was logged, or otherwise. */
    readonly ended: Promise<"succeeded" | "failed" | `ended with ${string}`>,
  ) {}

  static start(start: ProgramStart): Program {
    const child = spawn(
      process.execPath,
      [...start.nodeArgs, endWithEngine, runnerOf(start), ...argumentsOf(start)],
      {
        cwd: start.folder,
        env: environmentOf(start),
        stdio: ["pipe", "pipe", "pipe"],
        // As a plugin: a ^C at the terminal is the engine's to hear.
        detached: true,
      },
    );
    followLines(child.stdout, start.onLine);
    followLines(child.stderr, start.onLine);
    const ended = new Promise<Awaited<Program["ended"]>>((resolve) => {
      child.once("error", (error) => resolve(`ended with ${error.message}`));
      child.once("close", (code, signal) => {
        if (code === 0) resolve("succeeded");
        else resolve(code === failedAndSaid ? "failed" : `ended with ${signal ?? `code ${String(code)}`}`);
      });
    });
    return new Program(child, ended);
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }
}

function runnerOf(start: ProgramStart): string {
  try {
    return createRequire(join(start.folder, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  } catch (cause) {
    throw new OperatorError({
      code: "sdk-missing",
      message: `the program in ${start.folder} has no @pulumi/pulumi`,
      remedy: "Install its dependencies (`npm ci`).",
      kind: "usage",
      cause,
    });
  }
}

function argumentsOf(start: ProgramStart): string[] {
  return [
    "--monitor",
    start.engineAddress,
    "--engine",
    start.engineAddress,
    "--organization",
    start.organization,
    "--project",
    start.project,
    "--root-directory",
    start.root,
    "--stack",
    start.stack,
    "--pwd",
    start.folder,
    ...(start.dryRun ? ["--dry-run"] : []),
    "--parallel",
    String(start.parallel),
    ".",
  ];
}

function environmentOf(start: ProgramStart): NodeJS.ProcessEnv {
  return {
    ...start.env,
    PULUMI_CONFIG: JSON.stringify(start.config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(start.secretKeys),
    ...(start.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
  };
}

function followLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = "";
  stream?.on("data", (data) => {
    const lines = (rest + String(data)).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(onLine);
  });
  stream?.on("end", () => {
    if (rest) onLine(rest);
  });
}
