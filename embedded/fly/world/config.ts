import { z } from "zod";

const check = z.looseObject({
  type: z.enum(["http", "https", "tcp", "h2"]).optional(),
  port: z.int().min(1).max(65535).optional(),
  interval: z.string().optional(),
  timeout: z.string().optional(),
  grace_period: z.string().optional(),
  method: z.string().optional(),
  path: z.string().optional(),
});

const service = z.looseObject({
  protocol: z.enum(["tcp", "udp"]).optional(),
  internal_port: z.int().min(1).max(65535).optional(),
  ports: z.array(z.looseObject({ port: z.int().optional() })).nullish(),
  checks: z.array(check).nullish(),
  autostop: z.union([z.boolean(), z.enum(["off", "stop", "suspend"])]).nullish(),
  autostart: z.boolean().nullish(),
  min_machines_running: z.int().min(0).nullish(),
});

/** What a machine's configuration must be to be taken; what is not named here is kept as it came. */
export const machineConfig = z.looseObject({
  image: z.string().min(1),
  env: z.record(z.string(), z.string()).nullish(),
  init: z
    .looseObject({
      exec: z.array(z.string()).nullish(),
      entrypoint: z.array(z.string()).nullish(),
      cmd: z.array(z.string()).nullish(),
    })
    .nullish(),
  guest: z
    .looseObject({
      cpu_kind: z.string().optional(),
      cpus: z.int().optional(),
      memory_mb: z.int().optional(),
    })
    .nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  services: z.array(service).nullish(),
  checks: z.record(z.string(), check).nullish(),
  mounts: z.array(z.looseObject({ volume: z.string().optional(), path: z.string().optional() })).nullish(),
  files: z.array(z.looseObject({ guest_path: z.string().optional() })).nullish(),
  restart: z
    .looseObject({
      policy: z.enum(["no", "on-failure", "always", "spot-price"]).optional(),
      max_retries: z.int().optional(),
    })
    .nullish(),
  stop_config: z
    .looseObject({
      signal: z.string().nullish(),
      timeout: z.union([z.string(), z.number()]).nullish(),
    })
    .nullish(),
  auto_destroy: z.boolean().nullish(),
  standbys: z.array(z.string()).nullish(),
});

export type MachineConfig = z.infer<typeof machineConfig>;
export type Check = z.infer<typeof check>;
export type Service = z.infer<typeof service>;

/** A check that runs, under the name in which its result is told. */
export interface NamedCheck {
  name: string;
  check: Check;
  port: number;
  /** Of a service: while it fails the proxy sends nothing. */
  routes: boolean;
}

const assumedPort = 8080;

/** All checks of a machine: those of services have names of their own making. */
export function checksOf(config: MachineConfig): NamedCheck[] {
  const ofServices = (config.services ?? []).flatMap(({ checks, internal_port }) =>
    (checks ?? []).map((check, index) => {
      const port = check.port ?? internal_port ?? assumedPort;
      const name = `servicecheck-${String(index).padStart(2, "0")}-${check.type ?? "tcp"}-${port}`;
      return { name, check, port, routes: true };
    }),
  );
  const own = Object.entries(config.checks ?? {}).map(([name, check]) => {
    const port = check.port ?? config.services?.[0]?.internal_port ?? assumedPort;
    return { name, check, port, routes: false };
  });
  return [...ofServices, ...own];
}

const durationUnits: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** "1m30s", "500ms" or a number of nanoseconds, as milliseconds. */
export function durationMs(value: string | number | null | undefined, otherwise: number): number {
  if (typeof value === "number") return value / 1e6;
  const parts = [...(value ?? "").matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0) return otherwise;
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (durationUnits[unit ?? ""] ?? 0), 0);
}

/** The configuration as it is read back: with what Fly fills in, and autostop as it writes it. */
export function withDefaults(config: MachineConfig): MachineConfig {
  const services = config.services?.map((one) => ({ ...one, ...autostopAsRead(one.autostop) }));
  return {
    ...config,
    init: config.init ?? {},
    guest: { cpu_kind: "shared", cpus: 1, memory_mb: 256, ...config.guest },
    ...(services ? { services } : {}),
  };
}

function autostopAsRead(autostop: Service["autostop"]): { autostop?: boolean | "suspend" } {
  if (autostop === undefined || autostop === null) return {};
  if (autostop === "suspend") return { autostop };
  return { autostop: autostop === true || autostop === "stop" };
}
