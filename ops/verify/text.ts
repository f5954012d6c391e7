import { logText, type RunningVerdict } from "../../infra/engines/health";
import { formatDuration } from "../../infra/support";
import { table } from "../terminal";

/** Every check, what was measured, and the verdict with its reasons. */
export function verdictText(
  url: string,
  { verdict, reasons, checks, traffic, before, logs }: RunningVerdict,
): string {
  const looked = checks.map(({ name, ok, detail, durationMs }) => [
    ok ? "✓" : "✗",
    name,
    formatDuration(durationMs),
    detail,
  ]);
  const watched = traffic
    ? `${traffic.requests} requests in ${formatDuration(traffic.durationMs)}, ${traffic.failures} failed, half within ${formatDuration(traffic.p50Ms)}, 95 of 100 within ${formatDuration(traffic.p95Ms)}`
    : "not watched";
  const compared = before ? [`the version before: 95 of 100 within ${formatDuration(before.p95Ms)}`] : [];
  const logged = logs ? [logText(logs)] : [];
  const why = reasons.map((reason) => `  ${reason}`);
  return [table(looked), watched, ...compared, ...logged, `verdict on ${url}: ${verdict}`, ...why].join("\n");
}
