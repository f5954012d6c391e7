import { warning, type Finding } from "./finding";

/** Channels without a monitor reach people while a release runs, and never between two of them. */
export function monitorTrap(environment: unknown, { enabled }: Record<string, unknown>): Finding | undefined {
  if (enabled === true || (environment !== "staging" && environment !== "production")) return undefined;
  return warning(
    "monitoring.enabled",
    "no monitor belongs to this stack: nobody hears of an alert between releases",
    "Release the image of Dockerfile.monitor with monitoring.enabled, or run `dnd monitor` elsewhere (docs/monitoring.md).",
  );
}
