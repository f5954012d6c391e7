import { z } from "zod";
import { hasChanges, partsOfUrn, type OperationResult, type OperationStep } from "../engine";
import type {
  BackupPlan,
  InfrastructureChange,
  PendingMigration,
  PlannedRelease,
  PreviewReport,
} from "./report";

const quiet = new Set(["same", "read", "refresh"]);

const image = z.object({ version: z.string(), digest: z.string().default("") });
const preflight = z.object({
  release: z.number(),
  why: z.array(z.string()).default([]),
  image,
});
const backup = z.object({
  wanted: z.boolean(),
  expected: z
    .object({ documents: z.number(), bytes: z.number(), durationMs: z.number().nullable() })
    .nullish(),
});
const migrationRun = z.object({
  pending: z.array(z.object({ version: z.string(), description: z.string() })),
});

/** What the steps of a preview say by themselves. */
export type Foreseen = Pick<PreviewReport, "infrastructure" | "release" | "backup" | "errors"> & {
  pending: PendingMigration[];
  tried: string[];
  warnings: string[];
};

/** Reads what a preview has found out of what both engines tell of it. */
export function foreseen(result: OperationResult): Foreseen {
  const named = (name: string) => result.steps.find(({ urn }) => nameOf(urn) === name);
  const changed = hasChanges(result);
  const said = (severity: string) =>
    result.diagnostics.filter((one) => one.severity === severity).map(({ message }) => message.trim());
  const isTrial = (message: string) => /\btried\b/.test(message.split("\n")[0] ?? "");
  return {
    infrastructure: {
      summary: result.changeSummary,
      changes: result.steps.filter(({ op }) => !quiet.has(op)).map(changeOf),
    },
    release: changed ? releaseOf(named("preflight")) : null,
    backup: backupOf(named("backup")),
    pending: (["expand", "contract"] as const).flatMap((phase) =>
      pendingOf(named(`${phase}-migrations`), phase),
    ),
    tried: said("info").filter(isTrial),
    warnings: said("warning"),
    errors: said("error"),
  };
}

const nameOf = (urn: string) => partsOfUrn(urn).name;

function changeOf({ op, urn, type, diffReasons = [], detailedDiff }: OperationStep): InfrastructureChange {
  const properties = [...new Set([...diffReasons, ...Object.keys(detailedDiff ?? {})])];
  return { op, name: nameOf(urn), type, properties };
}

function inputsOf(step: OperationStep | undefined, of: "newState" | "oldState" = "newState"): unknown {
  return step?.[of]?.inputs;
}

function releaseOf(step: OperationStep | undefined): PlannedRelease | null {
  if (!step || quiet.has(step.op)) return null;
  const news = preflight.safeParse(inputsOf(step));
  if (!news.success) return null;
  const olds = preflight.safeParse(inputsOf(step, "oldState"));
  const { release: number, why } = news.data;
  return {
    number,
    why,
    image: {
      before: olds.success ? told(olds.data.image) : null,
      after: told(news.data.image),
    },
  };
}

function told({ version, digest }: z.infer<typeof image>): string {
  return digest === "" ? version : `${version} (${digest.slice(0, 19)})`;
}

function backupOf(step: OperationStep | undefined): BackupPlan {
  const none = { wanted: false, documents: null, bytes: null, expectedMs: null };
  if (!step || quiet.has(step.op)) return none;
  const { success, data } = backup.safeParse(inputsOf(step));
  if (!success) return none;
  const { documents = null, bytes = null, durationMs = null } = data.expected ?? {};
  return { wanted: data.wanted, documents, bytes, expectedMs: durationMs };
}

function pendingOf(step: OperationStep | undefined, phase: "expand" | "contract"): PendingMigration[] {
  if (!step || quiet.has(step.op)) return [];
  const { success, data } = migrationRun.safeParse(inputsOf(step));
  return success ? data.pending.map((one) => ({ ...one, phase, reversible: null })) : [];
}
