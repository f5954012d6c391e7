import type { DatabaseAddress } from "../../infra/drivers/mongo";
import type { MachineAddress, ServiceWish } from "../../infra/engines/monitoring";
import type { Secret } from "../../infra/support";
import type { Settings } from "../../stacks/settings";

/** What a monitor watches, and how: a stack, or a database that was named. */
export interface Site {
  stack: string | null;
  environment: string;
  address: DatabaseAddress;
  settings: Settings | undefined;
  version: string;
  /** Where each machine of the app is asked; empty where none is known. */
  machines: (signal: AbortSignal) => Promise<MachineAddress[]>;
  services: readonly ServiceWish[];
  /** Addresses whose certificates are watched. */
  certificates: readonly string[];
  /** Folders whose disks are watched, by what lies in them. */
  disks: readonly { subject: string; folder: string }[];
  /** Versions of the migrations that this checkout has. */
  migrations: readonly string[];
  token: Secret | undefined;
  /** Whether the app is kept closed by its environment alone. */
  maintenance: boolean;
}
