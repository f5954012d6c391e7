import type { Release } from "./release";
import type { RollbackOrder } from "./rollback-order";

/** What somebody asks for. */
export interface RollbackWish {
  kind: RollbackOrder["kind"];
  /** The release whose state is to come back; the previous good one unless given. */
  to?: number | undefined;
  /** Of kind migration: how many of the newest go back; one unless given. */
  steps?: number | undefined;
  /** The archive that the data comes back from, or "latest" for the one that fits the target. */
  backup?: string | undefined;
  /** Migrations up to this version stay whatever the target had: somebody else has applied them. */
  keepingUpTo?: string | null | undefined;
}

/** A migration in effect. */
export interface AppliedMigration {
  version: string;
  description: string;
  phase: "expand" | "contract";
  /** Why it cannot be taken back; undefined where it can. */
  oneWay?: string | undefined;
}

/** An archive as far as a rollback cares. */
export interface KnownArchive {
  id: string;
  store: string;
  /** The release that took it, before it changed anything; null where it was taken by hand. */
  release: number | null;
  takenAt: string;
  bytes: number;
  /** Somebody has found it wanting. */
  damaged: boolean;
}

/** Everything that a rollback is planned from; to plan, nothing else is looked at. */
export interface RollbackFacts {
  /** The newest first. */
  releases: Release[];
  /** In the order of their versions. */
  applied: AppliedMigration[];
  /** The newest first. */
  archives: KnownArchive[];
  /** Digests whose image can no longer be had. */
  imagesGone: ReadonlySet<string>;
  /** Digests that are in quarantine. */
  quarantine: ReadonlySet<string>;
  /** Writes since an archive was taken, by its id; what is not there nobody knows. */
  writesSince: Record<string, number>;
}
