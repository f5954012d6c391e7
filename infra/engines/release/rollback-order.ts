import { z } from "zod";
import type { ReleaseDetails } from "./journal";

/** The variable in which a rollback tells the program of the stack what to do in place of going forward. */
export const orderVariable = "DND_ROLLBACK_ORDER";

const migration = z.object({
  version: z.string(),
  description: z.string(),
  phase: z.enum(["expand", "contract"]),
});

const orderSchema = z.object({
  documentVersion: z.literal(1),
  kind: z.enum(["app", "migration", "database", "full"]),
  /** Taken once: a restore with a key that was used is refused. */
  key: z.uuid(),
  /** The release that is taken back, and the one whose state comes back. */
  rollbackOf: z.int().positive(),
  target: z.int().positive(),
  /** What runs afterwards. */
  image: z.object({ name: z.string(), version: z.string(), digest: z.string() }),
  /** Migrations that go back, the newest first. */
  reverting: z.array(migration),
  /** What the data is brought back from; null where it stays as it is. */
  archive: z.object({ id: z.string(), store: z.string() }).nullable(),
  /** The writes that may be gone with that, as they were confirmed. */
  acceptedLoss: z.union([z.int().nonnegative(), z.literal("unknown")]),
  /** The newest release when this was planned, and how it stood: another world wants another plan. */
  plannedOn: z.object({ release: z.int().positive(), state: z.enum(["running", "done", "failed"]) }),
  /** The image that must not be deployed again; null where the one that runs stays. */
  quarantine: z.string().nullable(),
  reason: z.string(),
  /** Nobody asked for it: a failed release is taken back, whose machines have returned by themselves as a rule. */
  automatic: z.boolean().optional(),
  /** Of the release whose state comes back: the commit of its image, and the schemas that it lives with. */
  commit: z.string().nullable(),
  livesWith: z.object({ min: z.string().nullable(), max: z.string().nullable() }).optional(),
});

/** A rollback that was planned and confirmed, as the program of the stack carries it out. */
export type RollbackOrder = z.infer<typeof orderSchema>;

/** The direction in which the steps of a release are taken. */
export type Direction = "forward" | "rollback" | "data";

export function directionOf(order: RollbackOrder | null): Direction {
  if (!order) return "forward";
  return order.archive ? "data" : "rollback";
}

/** What the journal of releases keeps of an order. */
export function detailsOf(order: RollbackOrder | null): ReleaseDetails {
  if (!order) return {};
  const { rollbackOf, target, reason, livesWith } = order;
  return {
    ...{ kind: directionOf(order), rollbackOf, target, reason },
    ...(livesWith && { livesWith }),
  };
}

/** What of an order is for its restore; null where the data stays. */
export function restoreOf(
  order: RollbackOrder | null,
): { key: string; archive: string; store: string; acceptedLoss: number | "unknown" } | null {
  if (!order?.archive) return null;
  const { key, acceptedLoss, archive } = order;
  return { key, archive: archive.id, store: archive.store, acceptedLoss };
}

/** The order that the environment holds; undefined where the stack goes forward. */
export function readOrder(environment: NodeJS.ProcessEnv): RollbackOrder | undefined {
  const text = environment[orderVariable];
  return text ? orderSchema.parse(JSON.parse(text)) : undefined;
}

/** An order as the environment of a program carries it. */
export function orderEnvironment(order: RollbackOrder): Record<string, string> {
  return { [orderVariable]: JSON.stringify(order) };
}
