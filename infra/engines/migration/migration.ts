import type { EstimateContext, MigrationContext, MigrationEstimate } from "./migration-context";
import type { RiskRule } from "./risk-rules";

/** Expand runs before the new code is deployed and leaves the old code working; contract runs after its verification. */
export type MigrationPhase = "expand" | "contract";

export type MigrationDirection = "up" | "down";

/** One file of the migrations folder, as its default export (or as exports of these names). */
export interface Migration {
  /** The fourteen digits that the file's name begins with. */
  version: string;
  description: string;
  up(context: MigrationContext): Promise<void>;
  /** Takes `up` back. Without it the file must have `undo`, or say why there is no way back. */
  down?(context: MigrationContext): Promise<void>;
  /** Why this cannot be undone. */
  irreversible?: string;
  /**
   * In place of `down`: what each changed document was before is kept, for at most 10,000 of them. A migration that
   * changes more is applied all the same, and then only the archive leads back.
   */
  undo?: "pre-images";
  /**
   * Defaults to true: the change and its record in the journal commit together or not at all. False is for what no
   * transaction can hold (indexes, validators, big moves): `up` and `down` must then bear being run on half-done work.
   */
  transaction?: boolean;
  /**
   * Outside a transaction a command that the server has begun cannot be held back when the run loses its lock. The
   * helpers bear that; plain writes are let through only where this says that they do as well. Defaults to false.
   */
  idempotent?: boolean;
  /** What the next run does first after a crash outside a transaction; defaults to completing it by `up`. */
  afterCrash?: "complete" | "undo";
  /** e.g. "10m". Defaults to what the stack says (`migrations.timeout`, 10 minutes), in a transaction to 50 seconds at most: a server ends it after 60. */
  timeout?: string;
  /** Defaults to expand. */
  phase?: MigrationPhase;
  /** Versions without which this one makes no sense: it can be run alone once they are applied. */
  dependsOn?: string[];
  /** Looks whether `up` did what it should, before it is recorded as applied; throws when it did not. */
  verify?(context: MigrationContext): Promise<void>;
  /** Says beforehand how much there is to do; it can only read. */
  estimate?(context: EstimateContext): Promise<MigrationEstimate>;
  /** Risks that the validation finds and that are meant, each with the reason why it is none here. */
  accepts?: Partial<Record<RiskRule, string>>;
}
