import type { Clock } from "../../../infra/support";
import { invalid, refuse } from "../refusal";
import { volumeId } from "./ids";

export interface VolumeWish {
  name: string;
  region: string;
  sizeGb: number;
  encrypted: boolean;
  snapshotRetention: number;
  autoBackup: boolean;
}

export interface Snapshot {
  id: string;
  createdAt: number;
}

/** A disk that one machine of its region can have. */
export class Volume {
  readonly id = volumeId();
  readonly createdAt: number;
  readonly snapshots: Snapshot[] = [];
  readonly zone: string;
  sizeGb: number;
  snapshotRetention: number;
  autoBackup: boolean;
  attachedTo: string | null = null;
  hostStatus: "ok" | "unknown" | "unreachable" = "ok";

  constructor(
    readonly wish: VolumeWish,
    private readonly clock: Clock,
  ) {
    this.createdAt = clock.now();
    this.sizeGb = wish.sizeGb;
    this.snapshotRetention = wish.snapshotRetention;
    this.autoBackup = wish.autoBackup;
    this.zone = this.id.slice(-4);
  }

  attach(machine: string): void {
    this.attachedTo = machine;
  }

  extend(sizeGb: number): void {
    if (sizeGb <= this.sizeGb) throw invalid(`size_gb must be more than ${this.sizeGb}: a volume only grows`);
    this.sizeGb = sizeGb;
  }

  /** Refuses to be destroyed or attached again while a machine has it. */
  refuseWhileAttached(): void {
    if (this.attachedTo === null) return;
    throw refuse(412, `failed_precondition: volume is currently bound to machine: ${this.attachedTo}`);
  }

  takeSnapshot(): Snapshot {
    const snapshot = { id: `vs_${volumeId().slice(4)}`, createdAt: this.clock.now() };
    this.snapshots.unshift(snapshot);
    return snapshot;
  }
}
