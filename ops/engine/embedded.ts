import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "../../embedded/pulumi";
import { OperatorError, projectRoot, Secret } from "../../infra/support";
import { blindAll, unwrap } from "./blind";
import type {
  HeldResource,
  HistoryEntry,
  OperationEvent,
  OperationKind,
  OperationOptions,
  OperationResult,
  OperationRun,
  StackEngine,
  StackPlace,
} from "./contract";
import { policyFinding } from "./policy-finding";

type Event = pulumi.EngineEvent;

/** A killed engine ends its children and returns; should it hang, the process ends without it. */
const patienceAfterKillMs = 3000;

/** The engine in `embedded/pulumi/`, in this process: the same program and the same state without Pulumi's CLI. */
export class EmbeddedEngine implements StackEngine {
  readonly name = "embedded";
  readonly version = "1";

  async run(
    kind: OperationKind,
    place: StackPlace,
    options: OperationOptions,
    run: OperationRun,
  ): Promise<OperationResult> {
    const events: Event[] = [];
    const blind = new pulumi.Blind();
    const display = run.display
      ? pulumi.progressDisplay({ stream: run.display, color: run.color, diff: options.diff })
      : undefined;
    const exitSoon = () => setTimeout(() => process.exit(130), patienceAfterKillMs).unref();
    run.kill.addEventListener("abort", exitSoon, { once: true });
    try {
      await pulumi[kind]({
        ...(await stackOf(place)),
        targets: options.targets,
        replaces: options.replaces,
        expectNoChanges: options.expectNoChanges,
        policyPacks: options.policyPacks,
        clearPendingCreates: options.clearPendingCreates,
        ...(options.parallel === undefined ? {} : { parallel: options.parallel }),
        ...(options.message === undefined ? {} : { message: options.message }),
        env: { ...run.env, ...loadAhead(place) },
        signal: run.signal,
        kill: run.kill,
        onEvent: (event: Event) => {
          events.push(event);
          display?.show(event);
          blind.learn(event);
          const told = toldOf(event, blind);
          if (told) run.onEvent(told);
        },
      });
    } finally {
      display?.end();
      run.kill.removeEventListener("abort", exitSoon);
    }
    const document = documentOf(kind, place, events);
    return run.signal.aborted ? { ...document, result: "interrupted" } : document;
  }

  async outputs(
    place: StackPlace,
    { showSecrets }: { showSecrets: boolean },
  ): Promise<Record<string, unknown>> {
    const outputs: Record<string, unknown> = await pulumi.outputs(await stackOf(place));
    return showSecrets ? (unwrap(outputs) as Record<string, unknown>) : blindAll(outputs);
  }

  async config(place: StackPlace): Promise<Record<string, string>> {
    return pulumi.config(await stackOf(place));
  }

  async history(place: StackPlace): Promise<HistoryEntry[]> {
    const entries = await pulumi.history(await stackOf(place));
    return entries.map(({ kind, startTime, endTime, message, result, resourceChanges }) => ({
      kind,
      startTime: startTime.toISOString(),
      endTime: endTime.toISOString(),
      message,
      result,
      changes: resourceChanges,
    }));
  }

  async resources(place: StackPlace): Promise<HeldResource[]> {
    return pulumi.resources(await stackOf(place));
  }

  async ensureStack(place: StackPlace): Promise<void> {
    const stack = await stackOf(place);
    if (!pulumi.stackExists(stack)) await pulumi.createStack(stack);
  }

  async cancel(place: StackPlace, { all }: { all: boolean }): Promise<string> {
    const { removed, kept } = await pulumi.cancel({ ...(await stackOf(place)), all });
    const owners = (locks: typeof removed) =>
      locks.map(({ pid, hostname }) => `${pid} on ${hostname}`).join(", ");
    if (kept.length > 0) {
      throw new OperatorError({
        code: "lock-alive",
        kind: "locked",
        message: `the stack ${place.stack} is held by a process that may be running: ${owners(kept)}`,
        remedy: `Wait for it; when it surely is gone: \`dnd cancel --all --stack ${place.stack}\`.`,
      });
    }
    return removed.length > 0 ? `removed the lock of process ${owners(removed)}` : "there was no lock";
  }
}

/** The provider process of our own program loads what its first request needs while the program starts. */
function loadAhead({ projectDir }: StackPlace): NodeJS.ProcessEnv {
  if (projectDir !== projectRoot) return {};
  const preload = join(projectRoot, "infra", "resources", "ahead.cjs").replaceAll("\\", "\\\\");
  return { NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --require="${preload}"`.trim() };
}

async function stackOf(place: StackPlace) {
  if (!place.backendUrl?.startsWith("file://")) throw needsCli(place);
  return {
    projectDir: place.projectDir,
    stack: place.stack,
    backendUrl: place.backendUrl,
    passphrase: await passphraseOf(place),
    ...(place.configFile ? { configFile: place.configFile } : {}),
  };
}

async function passphraseOf({ passphraseFile }: StackPlace): Promise<Secret> {
  if (!passphraseFile) return new Secret(process.env.PULUMI_CONFIG_PASSPHRASE ?? "");
  return new Secret((await readFile(passphraseFile, "utf8")).trim());
}

function needsCli({ stack, backendUrl }: StackPlace): OperatorError {
  return new OperatorError({
    code: "embedded-needs-files",
    kind: "usage",
    message: `the state of the stack ${stack} is at ${backendUrl ?? "no backend that was named"}; the embedded engine keeps states in folders only`,
    remedy: "Install the Pulumi CLI and `pulumi login`, or set PULUMI_BACKEND_URL to a file:// folder.",
  });
}

function toldOf(event: Event, blind: pulumi.Blind): OperationEvent | undefined {
  if (event.kind === "step-started") return { kind: "step-started", op: event.step, urn: event.urn };
  if (event.kind === "step-done") {
    const { step: op, urn, failed, durationMs } = event;
    return { kind: "step-done", op, urn, failed, durationMs };
  }
  if (event.kind === "diagnostic" && event.ephemeral && event.urn) {
    return { kind: "progress", urn: event.urn, message: blind.text(event.message) };
  }
  return undefined;
}

function documentOf(kind: OperationKind, place: StackPlace, events: Event[]): OperationResult {
  const { steps, diagnostics, policies, outputs, duration, changeSummary, result } = pulumi.toJson(events);
  return {
    operation: kind,
    stack: place.stack,
    engine: "embedded",
    result: result === "unfinished" ? "failed" : result,
    changeSummary: Object.fromEntries(Object.entries(changeSummary).map(([op, count]) => [op, count ?? 0])),
    steps: steps.map(({ oldState, newState, ...step }) => ({
      ...step,
      ...(oldState ? { oldState: { ...oldState } } : {}),
      ...(newState ? { newState: { ...newState } } : {}),
    })),
    diagnostics: [...diagnostics, ...policies.map(policyFinding)],
    outputs,
    duration,
  };
}
