import type { ControlClient } from "../../drivers/processes";
import type { Progress } from "../../support";
import type { AppImage } from "./image";
import type { SeenMachine } from "./observe-machines";
import type { UpdateJournal } from "./update-journal";
import type { WantedEnv } from "./wanted";

export interface EnsureOptions {
  app: string;
  image: AppImage;
  count: number;
  /** The one address: 127.0.0.1 and this port. */
  port: number;
  env: WantedEnv;
  /** The last word on new machines, given while the old ones are still there; throws to go back to them. */
  gate?: (url: string) => Promise<void>;
  progress: Progress;
  signal: AbortSignal;
  /** How long a machine may take to be healthy; 30 s unless told otherwise. */
  startTimeoutMs?: number;
}

export interface Deployed {
  url: string;
  machines: SeenMachine[];
}

/** An update as its steps see it. */
export interface Update extends Required<Omit<EnsureOptions, "gate">> {
  gate: (url: string) => Promise<void>;
  host: ControlClient;
  journal: UpdateJournal;
}
