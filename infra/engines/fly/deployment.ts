import type { FlyApi } from "../../drivers/fly-api";
import { anySignal, type Clock, type Progress } from "../../support";
import type { DeploymentLock } from "./deployment-lock";
import type { FleetWatch } from "./fleet-watch";
import type { Ledger } from "./ledger";
import type { NotedRelease } from "./noted-release";
import type { VolumesOfRun } from "./volumes";
import type { DeployWish } from "./wish";

/** One run of a deployment: what all of its steps share. */
export interface Deployment {
  /** Of this run alone. */
  id: string;
  api: FlyApi;
  wish: DeployWish;
  clock: Clock;
  lock: DeploymentLock;
  watch: FleetWatch;
  ledger: Ledger;
  volumes: VolumesOfRun;
  release: NotedRelease;
  /** Fires when the operator interrupts, when the lock is lost, or when a part of the work has failed. */
  signal: AbortSignal;
  progress: Progress;
}

/** The same run for a part of its work that can be called off alone. */
export function partOf(deployment: Deployment, signal: AbortSignal): Deployment {
  return { ...deployment, signal: anySignal([deployment.signal, signal]) };
}
