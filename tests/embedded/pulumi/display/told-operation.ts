import {
  secretSignature,
  signatureKey,
  unknownSentinel,
  type EngineEvent,
  type Properties,
  type PropertyValue,
  type ResourceState,
} from "../../../../embedded/pulumi/deployment";
import type { DisplayStream } from "../../../../embedded/pulumi/display";

const dynamic = "pulumi-nodejs:dynamic/dnd:Backup";
const urn = (type: string, name: string) => `urn:pulumi:dev::lab::${type}::${name}`;
export const urns = {
  stack: urn("pulumi:pulumi:Stack", "lab-dev"),
  pair: urn("lab:index:Pair", "pair"),
  changed: urn(`lab:index:Pair$${dynamic}`, "changed"),
  replaced: urn(dynamic, "replaced"),
  gone: urn("aws:s3/bucket:Bucket", "gone"),
  failing: urn(dynamic, "failing"),
  quiet: urn(dynamic, "quiet"),
};

export const secret = (value: PropertyValue) => ({ [signatureKey]: secretSignature, value });

function state(of: string, inputs: Properties, more: Partial<ResourceState> = {}): ResourceState {
  const type = of.split("::")[2]?.split("$").at(-1) ?? "";
  return { urn: of, custom: true, type, inputs, outputs: {}, parent: urns.stack, ...more };
}

/** The secrets that the events below carry: in properties, in messages, before and after the state that tells them. */
export const canaries = [
  "canary-old-1",
  "canary-new-2",
  "canary-early-3",
  "canary-output-4",
  "upper half 5\nlower half 5",
  "canary-config-6",
  "canary-state-7",
];

/** What an engine tells of an `up` (or its preview) in which one of everything happens. */
export function toldOperation(dryRun = false): EngineEvent[] {
  const at = Date.now();
  const old = state(
    urns.changed,
    { size: 1, list: [1, { key: "x" }], token: secret("canary-old-1"), once: true },
    { parent: urns.pair, id: "changed-id" },
  );
  const now = state(
    urns.changed,
    { size: 2, list: [1, { key: "y" }, 3], token: secret("canary-new-2"), fresh: "f" },
    { parent: urns.pair, id: "changed-id" },
  );
  const before = state(urns.replaced, { zone: "a" }, { id: "one" });
  const after = state(urns.replaced, { zone: "b" }, { id: "two" });
  const root = state(urns.stack, {}, { custom: false });
  delete root.parent;
  const oldOutputs = { url: "http://a", token: secret("canary-output-4"), nested: { kept: [1], v: "1" } };
  const done = { at, durationMs: 0, failed: false };
  return [
    {
      kind: "started",
      operation: dryRun ? "preview" : "up",
      stack: "dev",
      dryRun,
      secretTexts: ["canary-state-7"],
    },
    {
      kind: "step-done",
      step: "same",
      urn: urns.stack,
      ...done,
      old: { ...root, outputs: oldOutputs },
      new: root,
    },
    {
      kind: "step-done",
      step: "same",
      urn: urns.pair,
      ...done,
      new: state(urns.pair, {}, { custom: false }),
    },
    { kind: "step-done", step: "same", urn: urns.quiet, ...done, new: state(urns.quiet, {}) },
    { kind: "step-started", step: "update", urn: urns.changed, at, parent: urns.pair, inputs: now.inputs },
    {
      kind: "diagnostic",
      severity: "info",
      message: "half way, canary-new-2",
      urn: urns.changed,
      ephemeral: true,
    },
    { kind: "step-done", step: "update", urn: urns.changed, ...done, durationMs: 12, old, new: now },
    { kind: "step-started", step: "create-replacement", urn: urns.replaced, at },
    { kind: "step-done", step: "create-replacement", urn: urns.replaced, ...done, old: before, new: after },
    {
      kind: "step-done",
      step: "replace",
      urn: urns.replaced,
      ...done,
      durationMs: 1200,
      old: before,
      new: after,
      diffs: ["zone"],
      replaces: ["zone"],
      detailedDiff: { zone: "update-replace" },
    },
    {
      kind: "diagnostic",
      severity: "warning",
      message: "careful with canary-old-1 canary-state-7",
      urn: urns.replaced,
    },
    { kind: "diagnostic", severity: "debug", message: "not for people" },
    { kind: "diagnostic", severity: "info", message: "hello\nfrom the program" },
    { kind: "step-started", step: "delete", urn: urns.gone, at },
    {
      kind: "step-done",
      step: "delete",
      urn: urns.gone,
      ...done,
      durationMs: 65_000,
      old: state(urns.gone, { name: "gone" }, { id: "gone-id" }),
    },
    {
      kind: "step-started",
      step: "create",
      urn: urns.failing,
      at,
      inputs: { password: secret({ deep: ["canary-early-3", "upper half 5\nlower half 5"] }) },
    },
    {
      kind: "diagnostic",
      severity: "error",
      message: "it broke: canary-early-3\n  upper half 5\n  lower half 5 canary-config-6",
      urn: urns.failing,
    },
    {
      kind: "step-done",
      step: "create",
      urn: urns.failing,
      ...done,
      failed: true,
      new: state(urns.failing, { password: secret({ deep: ["canary-early-3"] }) }),
    },
    {
      kind: "policy",
      name: "never-public",
      pack: "guard",
      enforcement: "mandatory",
      message: "says canary-new-2",
      urn: urns.replaced,
    },
    {
      kind: "outputs",
      outputs: {
        url: dryRun ? unknownSentinel : "http://b",
        token: secret("canary-output-4"),
        nested: { kept: [1], v: "2" },
      },
    },
    {
      kind: "finished",
      outcome: "succeeded",
      changes: { same: 3, update: 1, replace: 1, delete: 1, "create-replacement": 1 },
      durationMs: 61_200,
    },
  ];
}

/** A stream that keeps what was written. */
export class Page implements DisplayStream {
  text = "";
  constructor(readonly terminal: { isTTY?: boolean; columns?: number; rows?: number } = {}) {}
  get isTTY(): boolean {
    return this.terminal.isTTY ?? false;
  }
  get columns(): number {
    return this.terminal.columns ?? 200;
  }
  get rows(): number {
    return this.terminal.rows ?? 60;
  }
  write(text: string): void {
    this.text += text;
  }
  get lines(): string[] {
    return this.text.split("\n");
  }
}
