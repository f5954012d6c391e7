import { EventEmitter } from "node:events";
import { performance } from "node:perf_hooks";
import { anySignal, formatDuration, messageOf, OperatorError } from "../../infra/support";
import { partsOfUrn, type OperationResult } from "../engine";
import { endCutOff } from "../end-cut-off";
import { Abortable } from "./abortable";
import { readOutputs, stateOf } from "./answers";
import { requireConfirmed } from "./confirmation";
import { stackOf, type DeploymentConfig, type DeploymentSurroundings, type RollbackOptions } from "./options";
import type {
  BackupResult,
  DeploymentEvent,
  DeploymentResult,
  FullDeploymentResult,
  MigrationResult,
  Outcome,
  RollbackResult,
  ValidationResult,
  VerificationResult,
} from "./results";
import { endPartial } from "./partial-release";
import { requireValid } from "./require-valid";
import { errorOf, openStack, runGraph, since, type OpenStack } from "./run-graph";

const untilBackup = ["database", "database-server", "release", "preflight", "backup", "restore"];
const untilMigrations = [...untilBackup, "expand-migrations"];
const untilDeployment = [...untilMigrations, "app", "app-fly", "app-machines"];
const untilVerification = [...untilDeployment, "verification"];

/** Deploys the D&D Tracker from a program of one's own: each method runs the graph of `dnd up`, or the part it names. */
export class DeploymentManager extends EventEmitter<{ progress: [DeploymentEvent] }> {
  private readonly stop = new AbortController();

  constructor(
    private readonly config: DeploymentConfig,
    private readonly surroundings: DeploymentSurroundings = {},
  ) {
    super();
    requireValid(config, surroundings);
  }

  /** Stops what is under way at its next safe point. */
  abort(): void {
    this.stop.abort(new Error("aborted"));
  }

  /** The whole pipeline, from preflight to record; takes back what a failure leaves where that is wanted. */
  async deploy(): Promise<FullDeploymentResult> {
    const begun = new Date();
    const phases: FullDeploymentResult["phases"] = [];
    const note = (event: DeploymentEvent) => {
      if (event.kind === "done" || event.kind === "failed")
        phases.push({ name: event.phase, success: event.kind === "done", duration: event.duration });
    };
    const { outcome, result, rollback } = await this.run([], "all of it", { begun, note });
    const answer = result && readOutputs(result);
    return {
      ...outcome,
      environment: this.config.environment,
      deploymentId: `deploy-${this.config.environment}-${begun.toISOString().slice(0, 16).replace(/[-:]/g, "").replace("T", "-")}`,
      release: answer?.release ?? null,
      phases,
      deployment: { ...outcome, ...answer?.deployment, machines: answer?.deployment.machines ?? 0 },
      ...(rollback && { rollback }),
    };
  }

  /** Everything that a preview can prove, without changing anything. */
  async validatePreDeployment(): Promise<ValidationResult> {
    const { outcome, result } = await this.guarded(({ stack, abortable }) =>
      runGraph("preview", { ...stack, abortable, config: this.config, onEvent: this.tell }),
    );
    const said = (severity: string) =>
      result?.diagnostics.filter((one) => one.severity === severity).map(({ message }) => message) ?? [];
    const errors = outcome.success ? [] : [...said("error"), ...(result ? [] : [outcome.error ?? ""])];
    return { ...outcome, errors, warnings: said("warning"), changes: result?.changeSummary ?? {} };
  }

  /** The archive that the deployment can go back to: a release takes one, and where there is none to make it is taken beside. */
  async createBackup(): Promise<BackupResult> {
    const { outcome, result } = await this.run(untilBackup, "the backup");
    if (!result || !outcome.success || this.config.dryRun) return outcome;
    const archive = takenBy(result);
    if (archive) return { ...outcome, backupId: archive.id, location: archive.location, size: archive.bytes };
    const { archiveNow } = require("./take-archive") as typeof import("./take-archive");
    const say = (message: string) => this.tell({ phase: "backup", kind: "progress", message });
    const taken = await this.work(({ abortable: { signal } }) =>
      archiveNow({ stack: stackOf(this.config), signal, say }),
    );
    return { ...taken.outcome, duration: outcome.duration + taken.outcome.duration, ...taken.value };
  }

  /** The pending expand migrations; contract migrations wait until the new version serves. */
  async runMigrations(): Promise<MigrationResult> {
    const { outcome, result } = await this.run(untilMigrations, "the migrations");
    const state = result && stateOf(result, "expand-migrations");
    const { durations, schemaVersion } = state ?? {};
    return {
      ...outcome,
      executed: typeof durations === "object" && durations !== null ? Object.keys(durations) : [],
      schemaVersion: typeof schemaVersion === "string" ? schemaVersion : null,
    };
  }

  /** The new image on the machines, which return to the old one where it is not well. */
  async deployToFlyio(): Promise<DeploymentResult> {
    const { outcome, result } = await this.run(untilDeployment, "the deployment");
    return { ...outcome, machines: 0, ...(result && readOutputs(result).deployment) };
  }

  /** Health, image and a game played, of what was deployed. */
  async verifyDeployment(): Promise<VerificationResult> {
    const { outcome, result } = await this.run(untilVerification, "the verification");
    const checks = result && stateOf(result, "verification")?.checks;
    return { ...outcome, checks: Array.isArray(checks) ? (checks as VerificationResult["checks"]) : [] };
  }

  /** Back to an earlier release, by the decision matrix unless a kind is named. */
  async rollback(options: RollbackOptions = {}): Promise<RollbackResult> {
    const { askedFor, rollBack } = require("./roll-back") as typeof import("./roll-back");
    const fits = async () => void askedFor(options, this.config);
    const { outcome, value } = await this.work(({ stack, abortable }) => {
      const run = { ...stack, ...this.asking(), abortable, config: this.config, onEvent: this.tell };
      return rollBack(askedFor(options, this.config), run);
    }, fits);
    return { ...outcome, ...value };
  }

  private asking(): Pick<DeploymentSurroundings, "confirm"> {
    const { confirm } = this.surroundings;
    return confirm ? { confirm } : {};
  }

  private readonly tell = (event: DeploymentEvent) => void this.emit("progress", event);

  /** An `up` of a part of the graph, or of all of it; a preview of the same where nothing is to be changed. */
  private async run(
    only: readonly string[],
    part: string,
    { begun, note }: { begun?: Date; note?: (event: DeploymentEvent) => void } = {},
  ) {
    const onEvent = (event: DeploymentEvent) => {
      note?.(event);
      this.tell(event);
    };
    const kind = this.config.dryRun ? "preview" : "up";
    const action = `deploy to ${this.config.environment}`;
    const first = async () => {
      if (kind === "up") await requireConfirmed({ action }, { config: this.config, ...this.asking() });
    };
    let rollback: FullDeploymentResult["rollback"];
    const ran = await this.guarded(async ({ stack, abortable }) => {
      const since = new Date();
      const result = await runGraph(kind, { ...stack, abortable, config: this.config, only, onEvent });
      const say = (message: string) => this.tell({ phase: "afterwards", kind: "progress", message });
      if (kind === "up") await endCutOff(result, { stack: stackOf(this.config), since, say });
      if (kind === "up" && only.length > 0)
        await this.beside(() => endPartial(stackOf(this.config), part, result), "the journal was not ended");
      if (begun && result.result === "failed" && abortable.told !== "refused")
        rollback = await this.beside(() => this.undo(stack, abortable, begun), "it was not taken back");
      return result;
    }, first);
    return { ...ran, rollback };
  }

  /** What comes after the graph takes nothing from its outcome: that it failed is told beside. */
  private async beside<T>(work: () => Promise<T>, consequence: string): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.tell({ phase: "afterwards", kind: "progress", message: `! ${consequence}: ${messageOf(error)}` });
      return undefined;
    }
  }

  private async undo(stack: OpenStack, abortable: Abortable, begun: Date) {
    if (this.config.dryRun || this.config.autoRollback === false) return undefined;
    const { undoFailed } = require("../rollback/undo-failed") as typeof import("../rollback/undo-failed");
    const wanted = { ...stack, interruption: abortable, display: undefined, color: false };
    const say = (message: string) => this.tell({ phase: "rollback", kind: "progress", message });
    const { autoRollback } = this.config;
    return undoFailed({
      ...{ ...wanted, stack: stackOf(this.config), since: begun, say },
      ...(autoRollback !== undefined && { autoRollback }),
    });
  }

  private async guarded(
    work: (run: { stack: OpenStack; abortable: Abortable }) => Promise<OperationResult>,
    first?: () => Promise<void>,
  ): Promise<{ outcome: Outcome; result: OperationResult | undefined }> {
    const { outcome, value } = await this.work(work, first);
    const error = value && this.inTime(errorOf(value));
    return { outcome: error === undefined ? outcome : { ...outcome, success: false, error }, result: value };
  }

  /** What an operator can mend is an answer; a bug is thrown. */
  private async work<T>(
    work: (run: { stack: OpenStack; abortable: Abortable }) => Promise<T>,
    first?: () => Promise<void>,
  ): Promise<{ outcome: Outcome; value: T | undefined }> {
    const started = performance.now();
    const abortable = new Abortable(this.signal());
    try {
      await first?.();
      const stack = await openStack(this.config, this.surroundings);
      const value = await work({ stack, abortable });
      return { outcome: { success: true, duration: since(started) }, value };
    } catch (error) {
      if (!(error instanceof OperatorError) && !abortable.signal.aborted) throw error;
      const message = error instanceof Error ? error.message : String(error);
      return { outcome: { success: false, duration: since(started), error: message }, value: undefined };
    } finally {
      abortable.release();
    }
  }

  /** Why it was interrupted, where nobody but the limit did it. */
  private inTime(error: string | undefined): string | undefined {
    const { timeout } = this.config;
    if (error !== "interrupted" || timeout === undefined || this.stop.signal.aborted) return error;
    if (this.surroundings.signal?.aborted) return error;
    return `the timeout of ${formatDuration(timeout)} is over: it stopped at a safe point, and deploy() goes on from there`;
  }

  private signal(): AbortSignal {
    const { timeout } = this.config;
    const limit = timeout === undefined ? undefined : AbortSignal.timeout(timeout);
    return anySignal([this.stop.signal, this.surroundings.signal, limit]);
  }
}

/** The archive of this very run; undefined where the step had nothing to do. */
function takenBy(result: OperationResult) {
  const step = result.steps.find(({ urn }) => partsOfUrn(urn).name === "backup");
  if (!step || step.op === "same") return undefined;
  const { wanted, archive } = stateOf(result, "backup") ?? {};
  return wanted === true && isArchive(archive) ? archive : undefined;
}

function isArchive(value: unknown): value is { id: string; location: string; bytes: number } {
  return typeof value === "object" && value !== null && "id" in value && "location" in value;
}
