import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { formatDuration } from "../../../support";
import type { AppClient } from "./app-client";
import { CheckFailure, NoAnswer } from "./check";

const pauseMs = 200;
const status = z.object({ status: z.string(), database: z.unknown().optional() });

/** The address answers that it is well, within a while: a machine may just have started. */
export async function becomesHealthy(app: AppClient, path: string, withinMs: number): Promise<string> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await isHealthy(app, path);
    } catch (error) {
      if (!(error instanceof CheckFailure) || performance.now() >= deadline) throw error;
    }
    await sleep(pauseMs, undefined, { signal: app.signal });
  }
}

async function isHealthy(app: AppClient, path: string): Promise<string> {
  const answer = await app.ask("GET", path);
  const said = status.safeParse(answer.body);
  if (answer.status === 200 && said.data?.status === "ok") return `${path} says ok`;
  const wrong = `GET ${path} answered ${answer.status}: ${JSON.stringify(answer.body ?? null)}`;
  // An app that says that its database is away is not the one to blame.
  throw said.data?.database === "disconnected" ? new NoAnswer(wrong) : new CheckFailure(wrong);
}

/** What every machine is meant to say of itself. */
export interface ExpectedImage {
  version?: string | undefined;
  digest?: string | undefined;
}

/** So many answers one after the other come from the wanted image: no machine of the old one is left behind the address. */
export async function answersAs(
  app: AppClient,
  expected: ExpectedImage,
  times: number,
  withinMs: number,
): Promise<string> {
  const deadline = performance.now() + withinMs;
  const machines = new Set<string>();
  for (let inARow = 0; inARow < times;) {
    const { headers } = await app.ask("GET", "/health");
    const wrong = differenceOf(headers, expected);
    inARow = wrong ? 0 : inARow + 1;
    if (!wrong) machines.add(headers.get("x-machine-id") ?? "a machine without a name");
    else if (performance.now() >= deadline) throw new CheckFailure(wrong);
    else await sleep(pauseMs, undefined, { signal: app.signal });
  }
  return `${times} answers in a row from ${[...machines].sort().join(", ")}`;
}

function differenceOf(headers: Headers, expected: ExpectedImage): string | undefined {
  const said = { version: headers.get("x-app-version"), digest: headers.get("x-image-digest") };
  const machine = headers.get("x-machine-id") ?? "a machine without a name";
  for (const name of ["version", "digest"] as const) {
    const wanted = expected[name];
    if (wanted && said[name] !== wanted) {
      return `${machine} answered with ${name} ${said[name] ?? "none"}, expected ${wanted}`;
    }
  }
  return undefined;
}

/** Nearly all answers of this verification came in time. */
export async function answersInTime(app: AppClient, limitMs: number): Promise<string> {
  const sorted = [...app.durations].sort((one, other) => one - other);
  const slow = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
  const found = `95 of 100 answers within ${formatDuration(slow)}`;
  if (slow > limitMs) throw new CheckFailure(`${found}, expected ${formatDuration(limitMs)}`);
  return found;
}

/** The app stays well for a while. */
export async function staysHealthy(app: AppClient, bakeMs: number): Promise<string> {
  const deadline = performance.now() + bakeMs;
  let looks = 0;
  for (; performance.now() < deadline; looks++) {
    await isHealthy(app, "/api/health");
    await sleep(Math.min(500, bakeMs), undefined, { signal: app.signal });
  }
  return `well for ${formatDuration(bakeMs)}, ${looks} looks`;
}
