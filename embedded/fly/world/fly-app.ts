import { randomBytes } from "node:crypto";
import type { Clock } from "../../../infra/support";
import { invalid, refuse } from "../refusal";
import { AddressBook } from "./addresses";
import { CertificateBook } from "./certificates";
import type { MachineConfig } from "./config";
import type { Machine } from "./machine";
import { ReleaseBook } from "./releases";
import { SecretBook } from "./secrets";
import { Volume, type VolumeWish } from "./volume";

export interface AppRecord {
  name: string;
  organization: string;
  network: string;
  idempotencyKey: string | undefined;
}

/** An app and what belongs to it. */
export class FlyApp {
  readonly id = randomBytes(8).toString("hex");
  readonly createdAt: number;
  readonly machines = new Map<string, Machine>();
  readonly volumes = new Map<string, Volume>();
  readonly secrets: SecretBook;
  readonly addresses: AddressBook;
  readonly certificates: CertificateBook;
  readonly releases: ReleaseBook;

  constructor(
    readonly record: AppRecord,
    readonly number: number,
    private readonly clock: Clock,
  ) {
    const now = () => clock.now();
    this.createdAt = now();
    this.secrets = new SecretBook(now);
    this.addresses = new AddressBook(now);
    this.certificates = new CertificateBook(now);
    this.releases = new ReleaseBook(now);
  }

  get name(): string {
    return this.record.name;
  }

  /** Those that are there, in the order of their creation. */
  get living(): Machine[] {
    return [...this.machines.values()].filter(({ state }) => state !== "destroyed");
  }

  /** "deployed" once something ran in it. */
  get status(): string {
    return this.machines.size > 0 ? "deployed" : "pending";
  }

  addVolume(wish: VolumeWish): Volume {
    const volume = new Volume(wish, this.clock);
    this.volumes.set(volume.id, volume);
    return volume;
  }

  volume(id: string): Volume {
    const volume = this.volumes.get(id);
    if (!volume) throw refuse(404, "volume not found");
    return volume;
  }

  /** The volumes that a machine asks for, each free and where the machine is to be. */
  freeVolumes({ mounts }: MachineConfig, region: string, machine?: string): Volume[] {
    return (mounts ?? []).map(({ volume: id }) => {
      if (!id) throw invalid("config.mounts: a volume is required");
      const volume = this.volume(id);
      if (volume.attachedTo !== machine) volume.refuseWhileAttached();
      if (volume.wish.region !== region)
        throw invalid(`volume ${id} is in ${volume.wish.region}, not in ${region}`);
      if (volume.hostStatus !== "ok") {
        throw refuse(422, "insufficient resources to create new machine with existing volume");
      }
      return volume;
    });
  }
}
