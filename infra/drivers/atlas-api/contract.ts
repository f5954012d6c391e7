import type { AccessEntry, AccessState, AtlasCluster, AtlasProject, AtlasSnapshot } from "./schemas";

/** What may go with every call. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** For the whole call, its repetitions and pauses counted; 60 s unless told otherwise. */
  timeoutMs?: number | undefined;
}

export interface SnapshotWish {
  description: string;
  /** Atlas removes it after so many days. */
  retentionDays: number;
}

/** An address that may connect until Atlas takes it off the list by itself. */
export interface AccessWish {
  address: string;
  /** Atlas takes at most a week from now. */
  expiresAt: Date;
  /** Up to 80 characters. */
  comment: string;
}

/** The cloud backups of dedicated clusters. */
export interface SnapshotCalls {
  /** Returns when it is queued. Not repeatable: an UnknownOutcome is settled by looking. */
  start(
    projectId: string,
    cluster: string,
    wish: SnapshotWish,
    options?: CallOptions,
  ): Promise<AtlasSnapshot>;
  /** Undefined when there is none of that id. */
  get(
    projectId: string,
    cluster: string,
    id: string,
    options?: CallOptions,
  ): Promise<AtlasSnapshot | undefined>;
}

/** Who may connect to the clusters of a project. Atlas takes no two additions at once. */
export interface AccessCalls {
  list(projectId: string, options?: CallOptions): Promise<AccessEntry[]>;
  /** Adding what is there gives it the new expiry and comment. */
  add(projectId: string, wish: AccessWish, options?: CallOptions): Promise<void>;
  /** Whether an entry holds on all clusters yet. */
  state(projectId: string, address: string, options?: CallOptions): Promise<AccessState>;
  /** Removing what is not there succeeds. */
  remove(projectId: string, address: string, options?: CallOptions): Promise<void>;
}

/** A role of whoever calls, in an organization or in a project. */
export interface AtlasRole {
  roleName: string;
  orgId?: string | undefined;
  groupId?: string | undefined;
}

/** How much of something a project may have. */
export interface AtlasLimit {
  name: string;
  value: number;
  currentUsage?: number | undefined;
}

/** What the account of an organization has and may do; reads only. */
export interface AccountCalls {
  /** Of whoever calls, in an organization and in one of its projects; undefined where Atlas does not say. */
  roles(
    of: { orgId: string; projectId?: string | undefined },
    signal: AbortSignal,
  ): Promise<AtlasRole[] | undefined>;
  /** Throws an AtlasNotFound when there is none of that id. */
  organization(id: string, signal: AbortSignal): Promise<{ id: string; name: string }>;
  projects(
    id: string,
    signal: AbortSignal,
  ): Promise<{ projects: { id: string; name: string }[]; count: number }>;
  /** Where on AWS clusters of a tier can be made. */
  regions(projectId: string, tier: string, signal: AbortSignal): Promise<string[]>;
  limits(projectId: string, signal: AbortSignal): Promise<AtlasLimit[]>;
}

/** Atlas' Administration API, as much of it as deployments need. */
export interface AtlasApi {
  /** Throws an AtlasNotFound when there is none of that name. */
  project(name: string, options?: CallOptions): Promise<AtlasProject>;
  /** Throws an AtlasNotFound when there is none of that name. */
  cluster(projectId: string, name: string, options?: CallOptions): Promise<AtlasCluster>;
  /** The address that Atlas sees this machine at. */
  callerAddress(options?: CallOptions): Promise<string>;
  /** Who may log in to the clusters of a project. */
  userNames(projectId: string, options?: CallOptions): Promise<string[]>;
  readonly snapshots: SnapshotCalls;
  readonly access: AccessCalls;
  readonly account: AccountCalls;
}
