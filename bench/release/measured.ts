import { formatDuration } from "../../infra/support";
import { startLoad } from "../../tests/harness/load";
import type { LocalStack } from "../../tests/harness/local-stack";

/** One line of the table. */
export interface Measured {
  what: string;
  ms: number | null;
  limit: number | null;
  detail: string;
  kept: boolean;
}

export interface Run {
  /** Of the whole command, as its caller waits for it. */
  ms: number;
  /** Until the wanted version was the only one to answer. */
  healthyMs: number;
  /** What the command took beyond the steps of its release. */
  overheadMs: number;
  restoreMs: number;
  steps: Map<string, number>;
  requests: number;
  failures: number;
}

interface Wanted {
  /** Requests a second; 0 for none. */
  rate: number;
  /** The version that must answer afterwards; null for any. */
  version: string | null;
  command: [string, ...string[]] | string[];
}

/** Runs a command under a load, and reads from the journal what its steps took. */
export async function measured(stack: LocalStack, { rate, version, command }: Wanted): Promise<Run> {
  const load = rate > 0 ? startLoad(`${stack.url}/api/characters`, rate) : undefined;
  const [name = "", ...args] = command;
  const started = performance.now();
  const running = stack.start(name, ...args).result;
  const healthy = version === null ? Promise.resolve(0) : answersAs(stack.url, version, running, started);
  const { code, durationMs, stdout, stderr } = await running;
  const healthyMs = await healthy;
  const report = await load?.stop();
  if (code !== 0) throw new Error(`dnd ${command.join(" ")} ended with ${String(code)}\n${stdout}${stderr}`);
  const steps = await stepsOfNewest(stack);
  const sum = [...steps.values()].reduce((total, ms) => total + ms, 0);
  return {
    ms: durationMs,
    healthyMs,
    overheadMs: Math.max(0, durationMs - sum),
    restoreMs: steps.get("restore") ?? 0,
    steps,
    requests: report?.sent ?? 0,
    failures: Object.values(report?.failures ?? {}).reduce((total, count) => total + count, 0),
  };
}

/** When so many answers in a row came from the version. */
async function answersAs(url: string, version: string, running: Promise<unknown>, started: number) {
  let over = false;
  void running.finally(() => (over = true));
  for (let inARow = 0; inARow < 10;) {
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    inARow = answer?.headers.get("x-app-version") === version ? inARow + 1 : 0;
    if (over && inARow === 0) return Number.POSITIVE_INFINITY;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return performance.now() - started;
}

async function stepsOfNewest(stack: LocalStack): Promise<Map<string, number>> {
  const { stdout } = await stack.plain("release", "show", "latest", "--json");
  const { steps } = JSON.parse(stdout) as { steps: { name: string; durationMs: number }[] };
  return new Map(steps.map(({ name, durationMs }) => [name, durationMs]));
}

export function tableOf(rows: readonly Measured[]): string {
  const lines = rows.map(({ what, ms, limit, detail, kept }) => {
    const time = ms === null ? "" : Number.isFinite(ms) ? formatDuration(ms) : "never";
    const at = limit === null ? "" : `at most ${formatDuration(limit)}`;
    return `${kept ? "✓" : "✗"} ${what.padEnd(32)} ${time.padStart(8)}  ${at.padEnd(14)} ${detail}`.trimEnd();
  });
  return lines.join("\n");
}
