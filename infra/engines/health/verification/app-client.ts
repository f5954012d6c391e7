import { messageOf, withDeadline } from "../../../support";
import { NoAnswer } from "./check";

const requestMs = 5000;

/** What the app said to one request. */
export interface Answer {
  status: number;
  body: unknown;
  headers: Headers;
}

/** Talks to a deployed app and keeps how long each answer took. */
export class AppClient {
  readonly durations: number[] = [];

  constructor(
    private readonly url: string,
    readonly signal: AbortSignal,
  ) {}

  /** The same app for clean-up, which goes on where the verification itself was interrupted. */
  undisturbed(timeoutMs: number): AppClient {
    return new AppClient(this.url, AbortSignal.timeout(timeoutMs));
  }

  async ask(method: string, path: string, body?: object): Promise<Answer> {
    const started = performance.now();
    try {
      return await withDeadline(
        requestMs,
        async (signal) => {
          const response = await fetch(new URL(path, this.url), {
            method,
            signal,
            headers: { ...passage(), ...(body && { "content-type": "application/json" }) },
            ...(body && { body: JSON.stringify(body) }),
          });
          const text = await response.text();
          this.durations.push(performance.now() - started);
          return { status: response.status, body: parsed(text), headers: response.headers };
        },
        this.signal,
      );
    } catch (error) {
      this.signal.throwIfAborted();
      throw new NoAnswer(`${method} ${path} got no answer: ${reasonOf(error)}`);
    }
  }
}

/** A verification sees the app itself where players see the maintenance page. */
function passage(): Record<string, string> {
  const pass = process.env.DND_MAINTENANCE_PASS;
  return pass ? { "x-maintenance-pass": pass } : {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  const { code } = cause as { code?: unknown };
  return typeof code === "string" ? code : messageOf(cause);
}
