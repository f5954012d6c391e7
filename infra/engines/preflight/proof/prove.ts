import { spawn } from "node:child_process";
import { hostname, userInfo } from "node:os";
import { anySignal, type Progress } from "../../../support";
import { sign } from "../signatures";
import { proofCommands, type CommandEnd, type ProofCommand } from "./commands";
import { proofNamespace, proofText, type Proof, type ProvenCommand } from "./proof";

/** So much of what a command said is kept. */
const keptCharacters = 20_000_000;
const shownLines = 5;

export interface ProofWanted {
  commit: string;
  /** The checkout of that commit. */
  folder: string;
  commands?: readonly ProofCommand[];
  /** An SSH key to sign with; null leaves it unsigned. */
  key: string | null;
  progress: Progress;
  signal: AbortSignal;
}

/** Runs everything that is to be proved of a commit, one after the other; what failed first does not hide the rest. */
export async function prove(wanted: ProofWanted): Promise<Proof> {
  const commands: ProvenCommand[] = [];
  for (const one of wanted.commands ?? proofCommands) {
    wanted.progress(one.name);
    commands.push(await runOne(one, wanted));
  }
  const kind = commands.some(({ outcome }) => outcome === "failed") ? "failed" : "passed";
  return signed({ ...signedBy(wanted.commit), kind, commands, reason: null }, wanted.key);
}

/** Lets a commit pass without a proof, on the word of whoever gives the reason. */
export function skipProof(commit: string, reason: string, key: string | null): Promise<Proof> {
  return signed({ ...signedBy(commit), kind: "skipped", commands: [], reason }, key);
}

function signedBy(
  commit: string,
): Pick<Proof, "documentVersion" | "commit" | "at" | "by" | "host" | "signature"> {
  const by = process.env.GITHUB_ACTOR ?? userInfo().username;
  return { documentVersion: 1, commit, at: new Date().toISOString(), by, host: hostname(), signature: null };
}

async function signed(proof: Proof, key: string | null): Promise<Proof> {
  return key === null ? proof : { ...proof, signature: await sign(proofText(proof), key, proofNamespace) };
}

async function runOne(one: ProofCommand, { folder, signal }: ProofWanted): Promise<ProvenCommand> {
  const started = performance.now();
  const end = await run(one, folder, signal);
  const { outcome, detail } = one.judge?.(end) ?? byExitCode(end, one);
  return { name: one.name, outcome, detail, durationMs: Math.round(performance.now() - started) };
}

function byExitCode(
  { code, stdout, stderr }: CommandEnd,
  { telling }: ProofCommand,
): ReturnType<NonNullable<ProofCommand["judge"]>> {
  const lines = `${stdout}\n${stderr}`.trim().split("\n");
  const told = lines.flatMap((line) => (telling?.test(line) ? [line.trim().replace(/\s+/g, " ")] : []));
  if (code === 0) return { outcome: "passed", detail: told[0] ?? "" };
  const said = (told.length > 0 ? told.slice(0, shownLines) : lines.slice(-shownLines)).join("\n");
  return { outcome: "failed", detail: `${code === null ? "ended by force" : `ended with ${code}`}: ${said}` };
}

async function run(
  { command: [program, ...args], timeoutMs }: ProofCommand,
  cwd: string,
  signal: AbortSignal,
): Promise<CommandEnd> {
  const limit = anySignal([signal, AbortSignal.timeout(timeoutMs)]);
  const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const end = new Promise<CommandEnd>((resolve) => {
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => (stdout = (stdout + String(chunk)).slice(-keptCharacters)));
    child.stderr.on("data", (chunk) => (stderr = (stderr + String(chunk)).slice(-keptCharacters)));
    child.once("error", (error) => resolve({ code: 127, stdout, stderr: error.message }));
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
  const stop = () => endGroup(child.pid);
  limit.addEventListener("abort", stop, { once: true });
  if (limit.aborted) stop();
  const ended = await end;
  limit.removeEventListener("abort", stop);
  signal.throwIfAborted();
  return ended;
}

/** With everything that it started: npm's own children would go on. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGTERM");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
