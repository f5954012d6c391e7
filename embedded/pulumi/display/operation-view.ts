import type { EngineEvent, Properties, ResourceState, StepKind } from "../deployment";
import { Blind } from "./blind";
import { changedKeys, diffSummary } from "./property-diff";

export type StepDone = Extract<EngineEvent, { kind: "step-done" }>;
export type Finished = Extract<EngineEvent, { kind: "finished" }>;
export type Severity = "info" | "warning" | "error";

/** One resource as the tree shows it. */
export interface Row {
  urn: string;
  parent: string | undefined;
  type: string;
  name: string;
  step: StepKind | undefined;
  state: "waiting" | "running" | "done" | "failed";
  startedAt: number;
  durationMs: number;
  diff: string;
  /** What the resource said last while it works. */
  progress: string;
  messages: Record<Severity, string[]>;
}

/** Everything that the events have told so far; whoever shows it passes it through `blind`. */
export class OperationView {
  readonly blind: Blind;
  readonly rows = new Map<string, Row>();
  readonly policies: Extract<EngineEvent, { kind: "policy" }>[] = [];
  /** Messages of no resource. */
  readonly general: { severity: Severity; message: string }[] = [];
  operation: Extract<EngineEvent, { kind: "started" }> | undefined;
  finished: Finished | undefined;
  outputs: Properties | undefined;
  oldOutputs: Properties = {};

  constructor(secrets: Iterable<string> = []) {
    this.blind = new Blind(secrets);
  }

  apply(event: EngineEvent): void {
    this.blind.learn(event);
    switch (event.kind) {
      case "started":
        this.operation = event;
        break;
      case "step-started": {
        const row = this.row(event.urn, event.parent);
        Object.assign(row, { step: event.step, state: "running", startedAt: event.at, progress: "" });
        break;
      }
      case "step-done":
        this.#stepDone(event);
        break;
      case "diagnostic":
        this.#diagnostic(event);
        break;
      case "policy":
        this.policies.push(event);
        break;
      case "outputs":
        this.outputs = event.outputs;
        break;
      case "finished":
        this.finished = event;
        break;
    }
  }

  row(urn: string, parent?: string): Row {
    const known = this.rows.get(urn);
    if (known) {
      known.parent ??= parent;
      return known;
    }
    const row: Row = {
      urn,
      parent,
      ...typeAndName(urn),
      step: undefined,
      state: "waiting",
      startedAt: 0,
      durationMs: 0,
      diff: "",
      progress: "",
      messages: { info: [], warning: [], error: [] },
    };
    this.rows.set(urn, row);
    return row;
  }

  /** The row of the stack itself, above all others. */
  get root(): Row | undefined {
    return [...this.rows.values()].find((row) => row.type === "pulumi:pulumi:Stack");
  }

  #stepDone(event: StepDone): void {
    const state: ResourceState | undefined = event.new ?? event.old;
    const row = this.row(event.urn, state?.parent);
    row.step = event.step;
    row.state = event.failed ? "failed" : "done";
    row.durationMs = event.durationMs;
    row.progress = "";
    if (event.old && event.new) row.diff = diffSummary(changesOf(event)) || row.diff;
    if (row.type === "pulumi:pulumi:Stack" && event.old) this.oldOutputs = event.old.outputs;
  }

  #diagnostic(event: Extract<EngineEvent, { kind: "diagnostic" }>): void {
    if (event.severity === "debug") return;
    const message = event.message.trimEnd();
    if (event.ephemeral) {
      if (event.urn) this.row(event.urn).progress = message;
      return;
    }
    if (event.urn) this.row(event.urn).messages[event.severity].push(message);
    else this.general.push({ severity: event.severity, message });
  }
}

/** The keys a step changes: those the provider named, else those whose inputs differ. */
export function changesOf(event: StepDone): ReturnType<typeof changedKeys> {
  const [old, now] = [event.old?.inputs ?? {}, event.new?.inputs ?? {}];
  const changed = changedKeys(old, now);
  if (event.step === "same" || event.step === "refresh") {
    return event.step === "same"
      ? new Map()
      : changedKeys(event.old?.outputs ?? {}, event.new?.outputs ?? {});
  }
  for (const key of [...(event.diffs ?? []), ...(event.replaces ?? [])]) {
    if (key !== "__provider" && !changed.has(key)) changed.set(key, "~ ");
  }
  return changed;
}

function typeAndName(urn: string): { type: string; name: string } {
  const [, , qualified = "", ...name] = urn.split("::");
  const type = qualified.split("$").at(-1) ?? qualified;
  const [, pkg, module, member] = /^([^:]+):([^:]*):(.+)$/.exec(type) ?? [];
  const [folder, last] = module?.split("/") ?? [];
  // "aws:s3/bucket:Bucket" says the same thing twice.
  const short = member && last === member.charAt(0).toLowerCase() + member.slice(1);
  return { type: short ? `${pkg}:${folder}:${member}` : type, name: name.join("::") };
}
