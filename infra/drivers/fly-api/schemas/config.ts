import { z } from "zod";

/** A duration as Fly writes it: "15s", "1m30s". */
const durationText = z.string();

const headerSchema = z.looseObject({ name: z.string(), values: z.array(z.string()) });

/** One check, of a service or of the machine itself. */
export const checkSchema = z.looseObject({
  type: z.string().optional(),
  port: z.int().optional(),
  interval: durationText.optional(),
  timeout: durationText.optional(),
  grace_period: durationText.optional(),
  method: z.string().optional(),
  path: z.string().optional(),
  protocol: z.string().optional(),
  headers: z.array(headerSchema).optional(),
  tls_skip_verify: z.boolean().optional(),
  tls_server_name: z.string().optional(),
  kind: z.enum(["informational", "readiness"]).optional(),
});

const portSchema = z.looseObject({
  port: z.int().optional(),
  start_port: z.int().optional(),
  end_port: z.int().optional(),
  handlers: z.array(z.string()).optional(),
  force_https: z.boolean().optional(),
});

/** Fly's tool writes and reads `false` for "off" and `true` for "stop"; the description knows the words alone. */
const autostopSchema = z.union([z.boolean(), z.enum(["off", "stop", "suspend"])]);

/** What a machine offers to the proxy. */
export const serviceSchema = z.looseObject({
  protocol: z.string().optional(),
  internal_port: z.int().optional(),
  ports: z.array(portSchema).nullish(),
  checks: z.array(checkSchema).nullish(),
  concurrency: z
    .looseObject({
      type: z.string().optional(),
      soft_limit: z.int().optional(),
      hard_limit: z.int().optional(),
    })
    .nullish(),
  autostop: autostopSchema.nullish(),
  autostart: z.boolean().nullish(),
  min_machines_running: z.int().nullish(),
});

export const guestSchema = z.looseObject({
  cpu_kind: z.string().optional(),
  cpus: z.int().optional(),
  memory_mb: z.int().optional(),
  gpu_kind: z.string().optional(),
  gpus: z.int().optional(),
  host_dedication_id: z.string().optional(),
});

export const mountSchema = z.looseObject({
  volume: z.string().optional(),
  path: z.string().optional(),
  name: z.string().optional(),
  size_gb: z.int().optional(),
  encrypted: z.boolean().optional(),
  /** Of the volume, in what we want alone: these two are never sent with a machine. */
  snapshot_retention: z.int().optional(),
  scheduled_snapshots: z.boolean().optional(),
  extend_threshold_percent: z.int().optional(),
  add_size_gb: z.int().optional(),
  size_gb_limit: z.int().optional(),
});

export const fileSchema = z.looseObject({
  guest_path: z.string().optional(),
  raw_value: z.string().optional(),
  secret_name: z.string().optional(),
  mode: z.int().optional(),
});

/**
 * The whole of what a machine is to be. Loose: a key that we do not know is kept, because an update replaces the
 * configuration and would lose it.
 */
export const configSchema = z.looseObject({
  image: z.string().optional(),
  env: z.record(z.string(), z.string()).nullish(),
  init: z
    .looseObject({
      exec: z.array(z.string()).nullish(),
      entrypoint: z.array(z.string()).nullish(),
      cmd: z.array(z.string()).nullish(),
      tty: z.boolean().nullish(),
      swap_size_mb: z.int().nullish(),
    })
    .optional(),
  guest: guestSchema.nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  services: z.array(serviceSchema).nullish(),
  checks: z.record(z.string(), checkSchema).nullish(),
  mounts: z.array(mountSchema).nullish(),
  files: z.array(fileSchema).nullish(),
  restart: z
    .looseObject({
      policy: z.enum(["no", "on-failure", "always", "spot-price"]).optional(),
      max_retries: z.int().optional(),
    })
    .nullish(),
  stop_config: z
    .looseObject({ signal: z.string().nullish(), timeout: z.union([durationText, z.number()]).nullish() })
    .nullish(),
  metrics: z.looseObject({ port: z.int().optional(), path: z.string().optional() }).nullish(),
  statics: z.array(z.looseObject({ guest_path: z.string(), url_prefix: z.string() })).nullish(),
  standbys: z.array(z.string()).nullish(),
  schedule: z.string().nullish(),
  auto_destroy: z.boolean().nullish(),
  dns: z.looseObject({ skip_registration: z.boolean().optional() }).nullish(),
});

export type MachineConfig = z.infer<typeof configSchema>;
export type MachineService = z.infer<typeof serviceSchema>;
export type MachineCheck = z.infer<typeof checkSchema>;
export type MachineGuest = z.infer<typeof guestSchema>;
export type MachineMount = z.infer<typeof mountSchema>;
export type MachineFile = z.infer<typeof fileSchema>;
