import type { Secret } from "../../support";
import type { AddressWish, FlyAddress } from "./schemas/address";
import type { AppCreation, FlyAppView, FlyRegion, Placement, PlacementQuestion } from "./schemas/fly-app";
import type { CertificateSummary, FlyCertificate } from "./schemas/certificate";
import type { HeldLease, Lease } from "./schemas/lease";
import type {
  Executed,
  FlyMachine,
  MachineChange,
  MachineCreation,
  MachineEvent,
  MachineProcess,
  MachineVersion,
  Waited,
} from "./schemas/machine";
import type { FlyLogLine } from "./schemas/log";
import type { FlyRelease, ReleaseCreation } from "./schemas/release";
import type { FlySecret, SecretsWritten } from "./schemas/secret";
import type { FlyVolume, VolumeCreation, VolumeSnapshot } from "./schemas/volume";

/** What may go with every call. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
}

/** What may go with a call that a lease guards. */
export interface GuardedOptions extends CallOptions {
  /** Of the lease that the caller holds on the machine. */
  nonce?: string | undefined;
}

export interface StopOptions extends GuardedOptions {
  stopSignal?: string;
  /** Between the signal and the end. */
  graceMs?: number;
}

export interface WaitWish extends CallOptions {
  /** Any of these; "settled" is any state that a machine rests in or never leaves. */
  states: readonly string[];
  /** Only this version counts. */
  version?: string;
  /** From 1 to 60 s; the call throws a WaitExpired after that. */
  timeoutMs: number;
}

export interface MachineFilter extends CallOptions {
  includeDeleted?: boolean;
  /** Shows of each machine who holds its lease. */
  includeLeases?: boolean;
  region?: string;
  /** Keeps those whose metadata has all of these. */
  metadata?: Record<string, string>;
}

/** The machines of an app. A call for one that is not there throws a FlyNotFound, but where it says otherwise. */
export interface MachineCalls {
  list(app: string, filter?: MachineFilter): Promise<FlyMachine[]>;
  /** Undefined when there is none of that id. */
  get(app: string, id: string, options?: CallOptions): Promise<FlyMachine | undefined>;
  /** Not repeatable: an UnknownOutcome is settled by looking for the name. */
  create(app: string, creation: MachineCreation, options?: CallOptions): Promise<FlyMachine>;
  /** Not repeatable: an UnknownOutcome is settled by looking at the version. */
  update(app: string, id: string, change: MachineChange, options?: GuardedOptions): Promise<FlyMachine>;
  start(app: string, id: string, options?: GuardedOptions): Promise<void>;
  stop(app: string, id: string, options?: StopOptions): Promise<void>;
  suspend(app: string, id: string, options?: GuardedOptions): Promise<void>;
  restart(app: string, id: string, options?: GuardedOptions): Promise<void>;
  signal(app: string, id: string, name: string, options?: GuardedOptions): Promise<void>;
  cordon(app: string, id: string, options?: GuardedOptions): Promise<void>;
  uncordon(app: string, id: string, options?: GuardedOptions): Promise<void>;
  /** Destroying what is not there succeeds. */
  destroy(app: string, id: string, options?: GuardedOptions & { force?: boolean }): Promise<void>;
  wait(app: string, id: string, wish: WaitWish): Promise<Waited>;
  events(app: string, id: string, options?: CallOptions): Promise<MachineEvent[]>;
  versions(app: string, id: string, options?: CallOptions): Promise<MachineVersion[]>;
  processes(app: string, id: string, options?: CallOptions): Promise<MachineProcess[]>;
  exec(
    app: string,
    id: string,
    command: readonly string[],
    options?: GuardedOptions & ExecOptions,
  ): Promise<Executed>;
  metadata(app: string, id: string, options?: CallOptions): Promise<Record<string, string>>;
  setMetadata(app: string, id: string, key: string, value: string, options?: CallOptions): Promise<void>;
  deleteMetadata(app: string, id: string, key: string, options?: CallOptions): Promise<void>;
}

export interface ExecOptions {
  timeoutMs?: number;
  /** What the command reads from its standard input: unlike its arguments nobody sees it there. */
  stdin?: string;
}

/** The right to change a machine, for a while. */
export interface LeaseCalls {
  /** Undefined when nobody holds it. */
  read(app: string, id: string, options?: CallOptions): Promise<Lease | undefined>;
  /** Throws a LeaseBusy, with holder and end, when another holds it. */
  acquire(
    app: string,
    id: string,
    wish: CallOptions & { ttlSeconds: number; description?: string },
  ): Promise<HeldLease>;
  /** Throws a LeaseLost when it is not the caller's any more. */
  refresh(
    app: string,
    id: string,
    wish: CallOptions & { ttlSeconds: number; nonce: string },
  ): Promise<HeldLease>;
  /** Releasing what is not held any more succeeds. */
  release(app: string, id: string, nonce: string, options?: CallOptions): Promise<void>;
}

export interface LogPage {
  /** Oldest first. */
  lines: FlyLogLine[];
  /** Asks for the lines after these, also for those that are yet to come; null where there is nothing to ask by. */
  next: string | null;
}

export interface LogCalls {
  /** What Fly still has of the log of an app or of one machine, a page at a time. */
  page(
    app: string,
    wish?: CallOptions & { machine?: string | undefined; after?: string | null },
  ): Promise<LogPage>;
  /** The newest lines of a machine, oldest of them first, gone or not; they may come some seconds late. */
  tail(app: string, machine: string, wish: CallOptions & { lines: number }): Promise<string[]>;
}

/** Fly's own list of what was released, which its tool writes and reads. */
export interface ReleaseCalls {
  begin(app: string, creation: ReleaseCreation, options?: CallOptions): Promise<FlyRelease>;
  end(id: string, status: "complete" | "failed" | "interrupted", options?: CallOptions): Promise<void>;
}

export interface AppCalls {
  get(app: string, options?: CallOptions): Promise<FlyAppView | undefined>;
  list(organization: string, options?: CallOptions): Promise<FlyAppView[]>;
  /** Repeatable with an idempotency key; throws a NameTaken when the name is another's. Gives its id, where that is told. */
  create(creation: AppCreation, options?: CallOptions): Promise<string | undefined>;
  /** Deleting what is not there succeeds. */
  delete(app: string, options?: CallOptions): Promise<void>;
}

export interface VolumeCalls {
  list(app: string, options?: CallOptions): Promise<FlyVolume[]>;
  get(app: string, id: string, options?: CallOptions): Promise<FlyVolume | undefined>;
  create(app: string, creation: VolumeCreation, options?: CallOptions): Promise<FlyVolume>;
  extend(
    app: string,
    id: string,
    sizeGb: number,
    options?: CallOptions,
  ): Promise<{ volume: FlyVolume; needsRestart: boolean }>;
  delete(app: string, id: string, options?: CallOptions): Promise<void>;
  snapshots(app: string, id: string, options?: CallOptions): Promise<VolumeSnapshot[]>;
  takeSnapshot(app: string, id: string, options?: CallOptions): Promise<void>;
}

export interface SecretCalls {
  list(app: string, options?: CallOptions & { minVersion?: number }): Promise<FlySecret[]>;
  /** Null removes one. Gives the version that machines must see. */
  write(app: string, values: Record<string, Secret | null>, options?: CallOptions): Promise<SecretsWritten>;
}

export interface AddressCalls {
  list(app: string, options?: CallOptions): Promise<FlyAddress[]>;
  assign(app: string, wish: AddressWish, options?: CallOptions): Promise<FlyAddress>;
  release(app: string, ip: string, options?: CallOptions): Promise<void>;
}

export interface CertificateCalls {
  list(app: string, options?: CallOptions): Promise<CertificateSummary[]>;
  get(app: string, hostname: string, options?: CallOptions): Promise<FlyCertificate | undefined>;
  request(app: string, hostname: string, options?: CallOptions): Promise<FlyCertificate>;
  upload(
    app: string,
    hostname: string,
    own: { chain: string; key: Secret },
    options?: CallOptions,
  ): Promise<FlyCertificate>;
  /** Lets Fly look at the DNS now. */
  check(app: string, hostname: string, options?: CallOptions): Promise<FlyCertificate>;
  delete(app: string, hostname: string, options?: CallOptions): Promise<void>;
  /** Only the one that was uploaded; one that Fly got stays. */
  deleteOwn(app: string, hostname: string, options?: CallOptions): Promise<void>;
}

export interface PlatformCalls {
  regions(options?: CallOptions): Promise<FlyRegion[]>;
  placements(question: PlacementQuestion, options?: CallOptions): Promise<Placement[]>;
}

/** Fly's Machines API, as much of it as deployments need. */
export interface FlyApi {
  readonly apps: AppCalls;
  readonly machines: MachineCalls;
  readonly leases: LeaseCalls;
  readonly logs: LogCalls;
  readonly releases: ReleaseCalls;
  readonly volumes: VolumeCalls;
  readonly secrets: SecretCalls;
  readonly addresses: AddressCalls;
  readonly certificates: CertificateCalls;
  readonly platform: PlatformCalls;
}
