import type { DatabaseAddress } from "../../drivers/mongo";

/** What is to be released, and what the stack's settings ask of a release; nothing in it is secret. */
export interface PreflightWishes {
  environment: string;
  /** Warnings count as failures where they say so. */
  strict: boolean;
  direction: "forward" | "rollback";
  /** Null where there is no database yet. */
  address: DatabaseAddress | null;
  /** Why it could not be found out where the database is; null where it was. */
  addressProblem: { message: string; remedy: string } | null;
  /** The number that the release would get; null where nobody knows. */
  release: number | null;
  /** Null where it could not be found, and why. */
  image: { name: string; version: string; digest: string } | null;
  imageProblem: string | null;
  commit: string | null;
  /** What must be set, and what is wrong with it. */
  needed: NeededSetting[];
  migrations: {
    /** An absolute path. */
    folder: string;
    requireDown: boolean;
    schema: { min: string; max: string } | null;
    /** Pending ones stay where they are. */
    skip: boolean;
  };
  /** Null where a release takes no archive. */
  backup: BackupWish | null;
  /** What machines and runs may have open during a release. */
  connections: number;
  /** The server's version that the stack is meant for, such as 8.0; any where nothing is said. */
  version?: string | null;
  rules: GateRules;
  /** Null where a release needs no stack before it. */
  promotion: PromotionWish | null;
}

/** What must have ended well in the stack before, unless somebody says why not. */
export interface PromotionWish {
  /** The stack that comes before. */
  from: string;
  /** Why a release goes without; null where it does not. */
  override: string | null;
  /** The release there that had this image; null where there is none. */
  passed: PassedThere | null;
  /** The newest that ended well there. */
  newest: PassedThere | null;
}

/** A release of the stack before: its image, and the migrations in effect with the beginning of each one's checksum. */
export interface PassedThere {
  release: number;
  version: string;
  digest: string;
  migrations: Record<string, string>;
}

export interface BackupWish {
  /** Null where it is a bucket that this very release's `up` makes. */
  store: string | null;
  restoreTest: boolean;
}

/** A setting or secret that a stack cannot do without. */
export interface NeededSetting {
  name: string;
  /** Null where nothing is wrong with it. */
  problem: string | null;
  /** It is a secret that is set, and could be guessed. */
  weak?: true;
}

/** What a stack's settings say of its gates. */
export interface GateRules {
  /** When a release may begin; null: always. */
  window: ReleaseWindow | null;
  freeze: Freeze[];
  restoreTestWithinMs: number;
  proof: { wanted: boolean; withinMs: number; signers: string | null };
  approvals: { signers: string; needed: number } | null;
}

export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

export interface ReleaseWindow {
  days: Weekday[];
  /** "HH:MM" */
  from: string;
  /** "HH:MM"; earlier than `from`: on the next day. */
  to: string;
  timeZone: string;
}

/** Days on which nothing is released, the last one included. */
export interface Freeze {
  /** "YYYY-MM-DD" */
  from: string;
  to: string;
  reason: string;
}
