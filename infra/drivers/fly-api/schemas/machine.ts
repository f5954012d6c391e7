import { z } from "zod";
import { configSchema, type MachineConfig } from "./config";
import { leaseSchema } from "./lease";

/** States in which a machine stays until somebody does something. */
export const restingStates = ["created", "started", "stopped", "suspended", "failed"] as const;

/** States that no machine leaves. */
export const finalStates = ["destroyed", "replaced", "migrated"] as const;

const exitEventSchema = z.looseObject({
  exit_code: z.int().nullish(),
  guest_exit_code: z.int().nullish(),
  guest_signal: z.int().nullish(),
  signal: z.int().nullish(),
  requested_stop: z.boolean().nullish(),
  restarting: z.boolean().nullish(),
  oom_killed: z.boolean().nullish(),
  exited_at: z.string().nullish(),
});

const eventRequestSchema = z.looseObject({
  exit_event: exitEventSchema.nullish(),
  restart_count: z.int().nullish(),
  MonitorEvent: z.looseObject({ exit_event: exitEventSchema.nullish() }).nullish(),
});

export const eventSchema = z.looseObject({
  id: z.string(),
  type: z.string(),
  status: z.string(),
  source: z.string().optional(),
  /** Milliseconds since 1970. */
  timestamp: z.int(),
  request: eventRequestSchema.nullish(),
});

export const checkStatusSchema = z.looseObject({
  name: z.string(),
  /** "passing", "warning" or "critical". */
  status: z.string(),
  output: z.string().optional(),
  updated_at: z.string().nullish(),
});

export const machineSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  region: z.string(),
  /** The version; newer editions of the API say `version` as well. */
  instance_id: z.string(),
  version: z.string().optional(),
  private_ip: z.string().nullish(),
  /** Missing where the host does not answer. */
  config: configSchema.nullish(),
  incomplete_config: configSchema.nullish(),
  image_ref: z
    .looseObject({
      registry: z.string().optional(),
      repository: z.string().optional(),
      tag: z.string().optional(),
      digest: z.string().optional(),
      labels: z.record(z.string(), z.string()).nullish(),
    })
    .nullish(),
  created_at: z.string(),
  updated_at: z.string(),
  /** Newest first. */
  events: z.array(eventSchema).nullish(),
  checks: z.array(checkStatusSchema).nullish(),
  host_status: z.string().optional(),
  cordoned: z.boolean().nullish(),
  /** Who holds it, where that was asked for. */
  lease: leaseSchema.nullish(),
  /** Only in the answer to a creation that asked for a lease. */
  nonce: z.string().optional(),
});

export const waitedSchema = z.looseObject({
  ok: z.boolean(),
  state: z.string().optional(),
  version: z.string().optional(),
  event_id: z.string().optional(),
});

export const versionSchema = z.looseObject({ version: z.string(), user_config: configSchema.nullish() });

export const processSchema = z.looseObject({
  pid: z.int(),
  command: z.string(),
  listen_sockets: z.array(z.looseObject({ proto: z.string(), address: z.string() })).nullish(),
});

export const executedSchema = z.looseObject({
  exit_code: z.int().default(0),
  exit_signal: z.int().nullish(),
  stdout: z.string().default(""),
  stderr: z.string().default(""),
});

export type FlyMachine = z.infer<typeof machineSchema>;
export type MachineEvent = z.infer<typeof eventSchema>;
export type CheckStatus = z.infer<typeof checkStatusSchema>;
export type Waited = z.infer<typeof waitedSchema>;
export type MachineVersion = z.infer<typeof versionSchema>;
export type MachineProcess = z.infer<typeof processSchema>;
export type Executed = z.infer<typeof executedSchema>;

/** What a new machine is to be. */
export interface MachineCreation {
  /** Chosen by Fly where it is missing; never the same twice in an app. */
  name?: string;
  region?: string;
  config: MachineConfig;
  /** The machine rests in "stopped" instead of starting. */
  skip_launch?: boolean;
  /** The machine begins cordoned: the proxy does not know it. */
  skip_service_registration?: boolean;
  skip_secrets?: boolean;
  min_secrets_version?: number;
  /** Seconds for which the creator holds the lease; the answer carries the nonce. */
  lease_ttl?: number;
}

/** The whole new configuration of a machine; name and region cannot change. */
export interface MachineChange extends Omit<MachineCreation, "name" | "lease_ttl"> {
  /** The version that the change was made for: when the machine has another by now, nothing changes. */
  current_version?: string;
}
