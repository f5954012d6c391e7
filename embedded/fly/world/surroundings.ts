import type { Clock } from "../../../infra/support";
import type { DisputedStatuses } from "../refusal";
import type { CheckVerdict, Runtime } from "../runtime/contract";
import type { MachineConfig } from "./config";
import type { Machine } from "./machine";

export interface CheckResult {
  name: string;
  status: CheckVerdict;
  output: string;
  updated_at: string;
}

export interface Version {
  id: string;
  config: MachineConfig;
}

/** What a machine needs of the world around it. */
export interface Surroundings {
  clock: Clock;
  runtime: Runtime;
  statuses: DisputedStatuses;
  /** What a machine that is launched now finds in its environment: the app's secrets, and its own words before them. */
  environment(config: MachineConfig): Record<string, string>;
  /** How long an update takes before the new version boots. */
  replaceMs: number;
  /** Told when a machine has ended for good. */
  destroyed(machine: Machine): void;
}

export interface Creation {
  name?: string | undefined;
  region: string;
  config: MachineConfig;
  skipLaunch: boolean;
  cordoned: boolean;
}
