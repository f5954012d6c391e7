import { z } from "zod";
import { blindAll } from "./blind";
import type { OperationEvent, OperationResult, OperationStep } from "./contract";
import { policyFinding } from "./policy-finding";

const state = z.record(z.string(), z.unknown());
const metadata = z.looseObject({
  op: z.string(),
  urn: z.string(),
  type: z.string(),
  diffs: z.array(z.string()).nullish(),
  detailedDiff: state.nullish(),
  old: state.nullish(),
  new: state.nullish(),
});
type Metadata = z.infer<typeof metadata>;
const step = z.looseObject({ metadata });

const diagnostic = z.looseObject({
  urn: z.string().optional(),
  message: z.string(),
  severity: z.string(),
  ephemeral: z.boolean().optional(),
});
type Diagnostic = z.infer<typeof diagnostic>;

const policy = z.looseObject({
  resourceUrn: z.string().optional(),
  message: z.string(),
  policyName: z.string(),
  policyPackName: z.string(),
  enforcementLevel: z.string(),
});
type Policy = z.infer<typeof policy>;

/** One line of the event log of Pulumi's CLI, as far as it is used here. */
const line = z.looseObject({
  timestamp: z.number(),
  resourcePreEvent: step.optional(),
  resOutputsEvent: step.optional(),
  resOpFailedEvent: step.optional(),
  diagnosticEvent: diagnostic.optional(),
  policyEvent: policy.optional(),
  summaryEvent: z
    .looseObject({
      resourceChanges: z.record(z.string(), z.number()).nullish(),
      result: z.string().optional(),
    })
    .optional(),
});

/** Follows the event log of Pulumi's CLI: tells it as events of ours, and keeps what the result needs. */
export class CliEvents {
  readonly changeSummary: Record<string, number> = {};
  readonly steps: OperationStep[] = [];
  readonly diagnostics: OperationResult["diagnostics"] = [];
  outputs: Record<string, unknown> = {};
  /** Undefined while no operation has ended. */
  result: "succeeded" | "failed" | undefined;
  private readonly startedAt = new Map<string, number>();

  constructor(private readonly tell: (event: OperationEvent) => void) {}

  read(text: string): void {
    const event = line.parse(JSON.parse(text));
    if (event.resourcePreEvent) this.started(event.resourcePreEvent.metadata);
    if (event.resOutputsEvent) this.done(event.resOutputsEvent.metadata, false);
    if (event.resOpFailedEvent) this.done(event.resOpFailedEvent.metadata, true);
    if (event.diagnosticEvent) this.said(event.diagnosticEvent);
    if (event.policyEvent) this.judged(event.policyEvent);
    if (!event.summaryEvent) return;
    Object.assign(this.changeSummary, event.summaryEvent.resourceChanges ?? {});
    // Previews of older versions do not say how they ended.
    this.result = event.summaryEvent.result === "failed" ? "failed" : "succeeded";
  }

  private started({ op, urn }: Metadata): void {
    this.startedAt.set(`${op} ${urn}`, performance.now());
    this.tell({ kind: "step-started", op, urn });
  }

  private done(done: Metadata, failed: boolean): void {
    const { op, urn, type } = done;
    const step: OperationStep = { op, urn, type, detailedDiff: done.detailedDiff ?? null };
    if (failed) step.failed = true;
    if (done.old) step.oldState = blindAll(done.old);
    if (done.new) step.newState = blindAll(done.new);
    if (done.diffs && done.diffs.length > 0) step.diffReasons = done.diffs;
    if (type === "pulumi:pulumi:Stack") this.outputs = state.catch({}).parse(step.newState?.outputs);
    this.steps.push(step);
    const started = this.startedAt.get(`${op} ${urn}`) ?? performance.now();
    this.tell({ kind: "step-done", op, urn, failed, durationMs: performance.now() - started });
  }

  private judged({
    resourceUrn: urn,
    message,
    policyName: name,
    policyPackName: pack,
    enforcementLevel,
  }: Policy): void {
    const found = { urn, name, pack, enforcement: enforcementLevel, message: uncoloured(message) };
    this.diagnostics.push(policyFinding(found));
  }

  private said({ urn, severity, message: text, ephemeral }: Diagnostic): void {
    const message = uncoloured(text);
    if (ephemeral) {
      if (urn) this.tell({ kind: "progress", urn, message });
    } else if (severity !== "debug") {
      this.diagnostics.push({ severity, message, ...(urn ? { urn } : {}) });
    }
  }
}

/** Without the marks that stand for colours. */
function uncoloured(text: string): string {
  return text.replace(/<\{%[^%]*%\}>/g, "").trimEnd();
}
