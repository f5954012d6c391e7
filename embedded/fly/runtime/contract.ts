import type { MachineConfig } from "../world/config";

/** A machine that is to run now. */
export interface Launch {
  app: string;
  id: string;
  version: string;
  region: string;
  config: MachineConfig;
  /** The machine's environment with the app's secrets. */
  env: Record<string, string>;
  cordoned: boolean;
}

/** How a run ended. */
export interface Ending {
  code: number;
  signal?: number | undefined;
  oom?: boolean | undefined;
}

export type CheckVerdict = "passing" | "warning" | "critical";

/** What a run tells of itself. */
export interface Listener {
  started(): void;
  /** It could not be started at all. */
  unlaunchable(reason: string): void;
  ended(ending: Ending): void;
  checked(name: string, status: CheckVerdict, output: string): void;
}

export interface Executed {
  exit_code: number;
  stdout: string;
  stderr: string;
}

export interface ProcessSeen {
  pid: number;
  command: string;
  listen_sockets: { proto: string; address: string }[];
}

/** One boot of a machine, from its launch to its end. */
export interface Run {
  /** Asks it to end, and ends it after the grace; `ended` is told. */
  stop(signal: string, graceMs: number): void;
  signal(name: string): void;
  suspend(): void;
  resume(): void;
  cordon(cordoned: boolean): void;
  exec(command: string[], timeoutMs: number, stdin?: string): Promise<Executed>;
  processes(): Promise<ProcessSeen[]>;
  /** Where requests to it go; undefined when it takes none. */
  backend(): { port: number; pid: number } | undefined;
  /** The whole lines that it wrote, the oldest first. */
  log(): Promise<string[]>;
}

/** What makes machines run: real processes, or a script for tests. */
export interface Runtime {
  /** Whether there is such an image. */
  knows(image: string): boolean;
  /** The listener hears nothing before this has returned. */
  launch(launch: Launch, listener: Listener): Run;
  close(): Promise<void>;
}
