import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { z } from "zod";
import { OperatorError } from "../../infra/support";
import { runChild, type ChildResult } from "./child";
import { CliEvents } from "./cli-events";
import type {
  HeldResource,
  HistoryEntry,
  OperationKind,
  OperationOptions,
  OperationResult,
  OperationRun,
  StackEngine,
  StackPlace,
} from "./contract";
import { LineFollower } from "./line-follower";

const questionTimeoutMs = 60_000;

/** Pulumi's own CLI as the engine: its text is shown as it comes, its event log becomes the result. */
export class PulumiCli implements StackEngine {
  readonly name = "pulumi";

  constructor(
    private readonly binary: string,
    readonly version: string,
  ) {}

  async run(
    kind: OperationKind,
    place: StackPlace,
    options: OperationOptions,
    run: OperationRun,
  ): Promise<OperationResult> {
    const folder = await mkdtemp(join(tmpdir(), "dnd-events-"));
    const log = join(folder, "events.jsonl");
    const events = new CliEvents(run.onEvent);
    const follower = new LineFollower(log, (line) => events.read(line));
    const started = performance.now();
    try {
      const child = await runChild(this.binary, operationArguments(kind, place, options, run, log), {
        cwd: place.projectDir,
        env: { ...this.environment(place), ...run.env, PULUMI_DEBUG_COMMANDS: "true" },
        display: run.display,
        signal: run.signal,
        kill: run.kill,
      });
      follower.end();
      if (events.result === undefined && child.code !== 0 && !run.signal.aborted) throw refusal(place, child);
      const { changeSummary, steps, diagnostics, outputs } = events;
      return {
        operation: kind,
        stack: place.stack,
        engine: `pulumi ${this.version}`,
        result: run.signal.aborted ? "interrupted" : child.code === 0 ? "succeeded" : "failed",
        changeSummary,
        steps,
        diagnostics,
        outputs,
        duration: Math.round((performance.now() - started) * 1e6),
      };
    } finally {
      follower.end();
      await rm(folder, { recursive: true, force: true });
    }
  }

  async outputs(
    place: StackPlace,
    { showSecrets }: { showSecrets: boolean },
  ): Promise<Record<string, unknown>> {
    const secrets = showSecrets ? ["--show-secrets"] : [];
    const text = await this.ask(place, ["stack", "output", "--json", ...secrets]);
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  }

  async config(place: StackPlace): Promise<Record<string, string>> {
    const file = place.configFile ? ["--config-file", place.configFile] : [];
    const text = await this.ask(place, ["config", "--show-secrets", "--json", ...file]);
    const entries = Object.entries(settings.parse(JSON.parse(text)));
    return Object.fromEntries(
      entries.flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value]])),
    );
  }

  async history(place: StackPlace): Promise<HistoryEntry[]> {
    const text = await this.ask(place, ["stack", "history", "--json", "--page-size", "1000"]);
    return z.array(historyEntry).parse(JSON.parse(text) ?? []);
  }

  async resources(place: StackPlace): Promise<HeldResource[]> {
    const text = await this.ask(place, ["stack", "export"]);
    return (exported.parse(JSON.parse(text)).deployment.resources ?? []).map(({ urn, protect = false }) => ({
      urn,
      protect,
    }));
  }

  async ensureStack(place: StackPlace): Promise<void> {
    await this.ask(place, ["stack", "ls", "--json"], false).then(async (text) => {
      const stacks = z.array(z.looseObject({ name: z.string() })).parse(JSON.parse(text));
      if (!stacks.some(({ name }) => name === place.stack || name.endsWith(`/${place.stack}`))) {
        await this.init(place);
      }
    });
  }

  /** It writes a salt into the project's own settings of the stack, which are no business of a run with a file of its own. */
  private async init(place: StackPlace): Promise<void> {
    const init = ["stack", "init", "--no-select"];
    if (place.configFile === undefined) return void (await this.ask(place, init));
    const folder = await mkdtemp(join(tmpdir(), "dnd-init-"));
    try {
      await copyFile(join(place.projectDir, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
      await this.ask({ ...place, projectDir: folder }, init);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Pulumi cannot tell a living operation's lock from a dead one's: the operator has to say so by `all`. */
  async cancel(place: StackPlace, { all }: { all: boolean }): Promise<string> {
    if (!all) throw unknownOwner(place);
    await this.ask(place, ["cancel", "--yes"]);
    return `every lock of the stack ${place.stack} is gone`;
  }

  private async ask(place: StackPlace, args: string[], named = true): Promise<string> {
    const stack = named ? ["--stack", place.stack] : [];
    const child = await runChild(this.binary, [...args, ...stack, "--non-interactive"], {
      cwd: place.projectDir,
      env: this.environment(place),
      timeoutMs: questionTimeoutMs,
    });
    if (child.code !== 0) throw refusal(place, child);
    return child.stdout;
  }

  private environment(place: StackPlace): NodeJS.ProcessEnv {
    const env: NodeJS.ProcessEnv = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    // The language hosts lie beside the CLI, which looks for them on PATH.
    env.PATH = `${dirname(this.binary)}${delimiter}${env.PATH ?? ""}`;
    if (place.backendUrl) env.PULUMI_BACKEND_URL = place.backendUrl;
    if (place.passphraseFile) {
      env.PULUMI_CONFIG_PASSPHRASE_FILE = place.passphraseFile;
      delete env.PULUMI_CONFIG_PASSPHRASE;
    }
    return env;
  }
}

const settings = z.record(z.string(), z.looseObject({ value: z.string().optional() }));

const exported = z.looseObject({
  deployment: z.looseObject({
    resources: z.array(z.looseObject({ urn: z.string(), protect: z.boolean().optional() })).nullish(),
  }),
});
const historyEntry = z
  .looseObject({
    kind: z.string(),
    startTime: z.string(),
    endTime: z.string().nullish(),
    message: z.string().default(""),
    result: z.string(),
    resourceChanges: z.record(z.string(), z.number()).nullish(),
  })
  .transform(({ kind, startTime, endTime, message, result, resourceChanges }): HistoryEntry => {
    return { kind, startTime, endTime: endTime ?? null, message, result, changes: resourceChanges ?? {} };
  });

function operationArguments(
  kind: OperationKind,
  place: StackPlace,
  options: OperationOptions,
  run: OperationRun,
  log: string,
): string[] {
  const args = [kind, "--stack", place.stack, "--non-interactive", "--event-log", log];
  if (kind !== "preview") args.push("--yes", "--skip-preview");
  args.push("--color", run.color ? "always" : "never");
  if (place.configFile) args.push("--config-file", place.configFile);
  for (const target of options.targets) args.push("--target", target);
  for (const replace of options.replaces) args.push("--replace", replace);
  for (const pack of options.policyPacks) args.push("--policy-pack", pack);
  if (options.parallel !== undefined) args.push("--parallel", String(options.parallel));
  if (options.diff) args.push("--diff");
  if (options.expectNoChanges) args.push("--expect-no-changes");
  if (options.clearPendingCreates) args.push("--clear-pending-creates");
  if (options.message !== undefined) args.push("--message", options.message);
  return args;
}

function unknownOwner(place: StackPlace): OperatorError {
  return new OperatorError({
    code: "lock-owner-unknown",
    kind: "refused",
    message: `nobody can tell here whether the operation that locked ${place.stack} is still running`,
    remedy: `When it surely is not: \`dnd cancel --all --stack ${place.stack}\`.`,
  });
}

/** Why Pulumi did not even begin; its own words are the message. */
function refusal(place: StackPlace, child: ChildResult): OperatorError {
  const said = (child.stderr || child.stdout).trim().replace(/^error: /, "");
  if (/currently locked by/.test(said)) {
    return new OperatorError({
      code: "stack-locked",
      kind: "locked",
      message: said,
      remedy: `Wait for the other operation to end; if it was killed, \`dnd cancel --stack ${place.stack}\`.`,
    });
  }
  return new OperatorError({
    code: "pulumi-refused",
    message: `pulumi ended with ${child.code ?? "a signal"}: ${said || "it said nothing"}`,
    remedy: "`dnd doctor` checks the engine, the state and the settings.",
  });
}
