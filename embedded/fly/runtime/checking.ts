import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { probe } from "../../../infra/drivers/processes";
import { durationMs, type NamedCheck } from "../world/config";
import type { CheckVerdict } from "./contract";

const eagerMs = 100;

export interface CheckedPort {
  /** Where the machine's port really is; undefined when nothing listens there. */
  realPort(port: number): number | undefined;
  tell(name: string, status: CheckVerdict, output: string): void;
  signal: AbortSignal;
}

/** Asks a machine again and again, from its start to its end; often until it passes for the first time. */
export async function keepChecking({ name, check, port }: NamedCheck, machine: CheckedPort): Promise<void> {
  const { signal } = machine;
  const intervalMs = durationMs(check.interval, 15_000);
  const timeoutMs = durationMs(check.timeout, 10_000);
  let passed = false;
  machine.tell(name, "critical", "the check has not run yet");
  while (!signal.aborted) {
    const real = machine.realPort(port);
    const verdict =
      real === undefined
        ? { ok: false, output: `connect: connection refused: nothing listens on port ${port}` }
        : await ask(check.type ?? "tcp", real, check.path ?? "/", timeoutMs);
    if (signal.aborted) return;
    passed ||= verdict.ok;
    machine.tell(name, verdict.ok ? "passing" : "critical", verdict.output);
    await sleep(passed ? intervalMs : Math.min(eagerMs, intervalMs), undefined, { signal }).catch(
      () => undefined,
    );
  }
}

function ask(
  type: string,
  port: number,
  path: string,
  timeoutMs: number,
): Promise<{ ok: boolean; output: string }> {
  return type === "tcp" ? knock(port, timeoutMs) : probe(port, path, timeoutMs);
}

function knock(port: number, timeoutMs: number): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: timeoutMs });
    const end = (ok: boolean, output: string) => {
      socket.destroy();
      resolve({ ok, output });
    };
    socket.once("connect", () => end(true, "Success"));
    socket.once("timeout", () => end(false, `no connection in ${timeoutMs}ms`));
    socket.once("error", (error) => end(false, error.message || "no connection"));
  });
}
