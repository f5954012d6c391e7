import { createHash } from "node:crypto";
import type { Span } from "../../../drivers/traces";
import type { JournalEntry } from "../journal";

/**
 * A release that ended as a trace: one span for it and one for each step. The ids follow from the release, so that
 * one which is sent twice is the same trace.
 */
export function releaseSpans(database: string, release: JournalEntry): Span[] {
  const { finishedAt, environment, image, commit, kind, state, steps, error, startedAt } = release;
  if (finishedAt === null) return [];
  const name = `${database}/${environment}/${release._id}/${startedAt.toISOString()}`;
  const traceId = idOf(name, 32);
  const root: Span = {
    traceId,
    spanId: idOf(`${name}/release`, 16),
    name: `release ${release._id}`,
    startedAt,
    endedAt: latest([finishedAt, ...steps.map(endOf)]),
    attributes: {
      "deployment.environment.name": environment,
      "deployment.id": String(release._id),
      "deployment.status": state === "done" ? "succeeded" : "failed",
      "dnd.release.kind": kind,
      "dnd.release.version": image.version,
      "dnd.release.digest": image.digest,
      ...(commit === null ? {} : { "vcs.ref.head.revision": commit }),
    },
    error: state === "failed" ? (error ?? "it failed") : undefined,
  };
  return [root, ...steps.map((step, index) => spanOfStep(root, name, step, index))];
}

type Step = JournalEntry["steps"][number];

function spanOfStep(root: Span, release: string, step: Step, index: number): Span {
  return {
    traceId: root.traceId,
    spanId: idOf(`${release}/${index}/${step.name}`, 16),
    parentSpanId: root.spanId,
    name: step.name,
    startedAt: step.at,
    endedAt: endOf(step),
    attributes: { "dnd.step.outcome": step.outcome },
    error: step.outcome === "failed" ? `${step.name} failed` : undefined,
  };
}

function endOf({ at, durationMs }: Step): Date {
  return new Date(at.getTime() + durationMs);
}

function latest(dates: readonly Date[]): Date {
  return new Date(Math.max(...dates.map((one) => one.getTime())));
}

function idOf(text: string, digits: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, digits);
}
