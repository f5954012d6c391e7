import type { EngineEvent, Properties, ResourceState } from "../deployment";
import { changesOf, OperationView, type Finished, type StepDone } from "./operation-view";
import { isHalfStep } from "./step-words";

/** One step of the document; close to those of `pulumi preview --json`. */
export interface JsonStep {
  op: string;
  urn: string;
  type: string;
  failed?: true;
  provider?: string;
  oldState?: ResourceState;
  newState?: ResourceState;
  diffReasons?: string[];
  replaceReasons?: string[];
  detailedDiff: Record<string, { kind: string }> | null;
}

/** An operation as one document, without secrets. */
export interface OperationJson {
  operation: string;
  stack: string;
  dryRun: boolean;
  result: Finished["outcome"] | "unfinished";
  steps: JsonStep[];
  outputs: Properties;
  diagnostics: { severity: string; message: string; urn?: string }[];
  policies: { pack: string; name: string; enforcement: string; message: string; urn?: string }[];
  /** In nanoseconds, as Pulumi's document has it. */
  duration: number;
  changeSummary: Partial<Record<string, number>>;
}

/** Makes the document of `--json`; `secrets` are texts to blot out beside those the events carry. */
export function toJson(events: Iterable<EngineEvent>, secrets: Iterable<string> = []): OperationJson {
  const all = [...events];
  const view = new OperationView(secrets);
  // All at first: a message may hold a secret that only a later event gives away.
  for (const event of all) view.blind.learn(event);
  for (const event of all) view.apply(event);
  const { blind, operation, finished, outputs } = view;
  const done = all.filter((event): event is StepDone => event.kind === "step-done");
  const replaced = new Set(done.filter(({ step }) => step === "replace").map(({ urn }) => urn));
  const told = done.filter(({ step, urn }) => !(isHalfStep(step) && replaced.has(urn)));
  return {
    operation: operation?.operation ?? "",
    stack: operation?.stack ?? "",
    dryRun: operation?.dryRun ?? false,
    result: finished?.outcome ?? "unfinished",
    steps: told.map((event) => stepOf(event, (state) => blind.state(state))),
    outputs: blind.properties(outputs ?? {}),
    diagnostics: all.flatMap((event) =>
      event.kind === "diagnostic" && !event.ephemeral && event.severity !== "debug"
        ? [{ severity: event.severity, message: blind.text(event.message), ...urnOf(event) }]
        : [],
    ),
    policies: view.policies.map(({ pack, name, enforcement, message, urn }) => ({
      pack,
      name,
      enforcement,
      message: blind.text(message),
      ...urnOf({ urn }),
    })),
    duration: Math.round((finished?.durationMs ?? 0) * 1e6),
    changeSummary: finished?.changes ?? {},
  };
}

const urnOf = ({ urn }: { urn?: string | undefined }) => (urn === undefined ? {} : { urn });

function stepOf(event: StepDone, blinded: (state: ResourceState) => ResourceState): JsonStep {
  const state = event.new ?? event.old;
  const diffs = [...changesOf(event).keys()];
  const detailed = Object.entries(event.detailedDiff ?? {}).map(([path, kind]) => [path, { kind }]);
  return {
    op: event.step,
    urn: event.urn,
    type: state?.type ?? "",
    ...(event.failed ? { failed: true } : {}),
    ...(state?.provider ? { provider: state.provider } : {}),
    ...(event.old ? { oldState: blinded(event.old) } : {}),
    ...(event.new ? { newState: blinded(event.new) } : {}),
    ...(event.old && event.new && diffs.length > 0 ? { diffReasons: diffs } : {}),
    ...(event.replaces && event.replaces.length > 0 ? { replaceReasons: event.replaces } : {}),
    detailedDiff: detailed.length > 0 ? Object.fromEntries(detailed) : null,
  };
}
