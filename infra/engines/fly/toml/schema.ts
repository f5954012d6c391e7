import { z } from "zod";

const names = z.array(z.string());
const port = z.int().min(1).max(65_535);
const headers = z.record(z.string(), z.string());

const check = z.strictObject({
  type: z.enum(["http", "tcp"]).optional(),
  port: port.optional(),
  interval: z.string().optional(),
  timeout: z.string().optional(),
  grace_period: z.string().optional(),
  method: z.string().optional(),
  path: z.string().optional(),
  protocol: z.enum(["http", "https"]).optional(),
  headers: headers.optional(),
  tls_skip_verify: z.boolean().optional(),
  tls_server_name: z.string().optional(),
});
const namedCheck = check.extend({ processes: names.optional() });

const concurrency = z.strictObject({
  type: z.enum(["connections", "requests"]).optional(),
  soft_limit: z.int().optional(),
  hard_limit: z.int().optional(),
});
const autostop = z.union([z.boolean(), z.enum(["off", "stop", "suspend"])]);
const scaling = {
  auto_stop_machines: autostop.optional(),
  auto_start_machines: z.boolean().optional(),
  min_machines_running: z.int().optional(),
  concurrency: concurrency.optional(),
  processes: names.optional(),
};

const httpService = z.strictObject({
  internal_port: port,
  force_https: z.boolean().optional(),
  checks: z.array(check.omit({ type: true, port: true })).optional(),
  ...scaling,
});
const service = z.strictObject({
  protocol: z.enum(["tcp", "udp"]).default("tcp"),
  internal_port: port,
  ports: z
    .array(
      z.strictObject({
        port: port.optional(),
        start_port: port.optional(),
        end_port: port.optional(),
        handlers: names.optional(),
        force_https: z.boolean().optional(),
      }),
    )
    .default([]),
  tcp_checks: z.array(check.omit({ type: true })).optional(),
  http_checks: z.array(check.omit({ type: true })).optional(),
  ...scaling,
});

const mount = z.strictObject({
  source: z.string(),
  destination: z.string(),
  initial_size: z.union([z.string(), z.int()]).optional(),
  snapshot_retention: z.int().min(1).max(60).optional(),
  scheduled_snapshots: z.boolean().optional(),
  auto_extend_size_threshold: z.int().min(50).max(99).optional(),
  auto_extend_size_increment: z.string().optional(),
  auto_extend_size_limit: z.string().optional(),
  processes: names.optional(),
});

const machine = z.strictObject({
  size: z.string().optional(),
  memory: z.union([z.string(), z.int()]).optional(),
  cpus: z.int().optional(),
  cpu_kind: z.enum(["shared", "performance"]).optional(),
  processes: names.optional(),
});

/** The sections of a fly.toml that are known; an unknown key would silently do nothing, so it is refused. */
export const flyTomlSchema = z.strictObject({
  app: z.string().optional(),
  primary_region: z.string().optional(),
  kill_signal: z.string().optional(),
  kill_timeout: z.union([z.string(), z.int()]).optional(),
  swap_size_mb: z.int().optional(),
  build: z.strictObject({ image: z.string().optional(), dockerfile: z.string().optional() }).optional(),
  deploy: z
    .strictObject({
      strategy: z.enum(["rolling", "canary", "bluegreen", "immediate"]).optional(),
      max_unavailable: z.number().optional(),
      wait_timeout: z.string().optional(),
      release_command: z.string().optional(),
      release_command_timeout: z.string().optional(),
    })
    .optional(),
  env: z.record(z.string(), z.string()).optional(),
  processes: z.record(z.string(), z.string()).optional(),
  mounts: z.array(mount).optional(),
  http_service: httpService.optional(),
  services: z.array(service).optional(),
  checks: z.record(z.string(), namedCheck).optional(),
  files: z
    .array(
      z.strictObject({
        guest_path: z.string(),
        raw_value: z.string().optional(),
        secret_name: z.string().optional(),
        processes: names.optional(),
      }),
    )
    .optional(),
  restart: z
    .array(
      z.strictObject({
        policy: z.enum(["always", "never", "on-failure"]),
        retries: z.int().optional(),
        processes: names.optional(),
      }),
    )
    .optional(),
  vm: z.array(machine).optional(),
  statics: z.array(z.strictObject({ guest_path: z.string(), url_prefix: z.string() })).optional(),
  metrics: z.array(z.strictObject({ port, path: z.string(), processes: names.optional() })).optional(),
});

export type FlyToml = z.infer<typeof flyTomlSchema>;
export type TomlCheck = z.infer<typeof check>;
export type TomlService = z.infer<typeof service>;
export type TomlHttpService = z.infer<typeof httpService>;
export type TomlMachine = z.infer<typeof machine>;
export type TomlMount = z.infer<typeof mount>;
