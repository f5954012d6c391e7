import type { MachineCheck, MachineService } from "../../../drivers/fly-api";
import type { TomlCheck, TomlHttpService, TomlService } from "./schema";

/** A check as the API wants it. */
export function checkOf(check: TomlCheck, type?: "http" | "tcp"): MachineCheck {
  const { headers, type: own, ...rest } = check;
  const kind = type ?? own;
  return {
    ...withoutUndefined(rest),
    ...(kind ? { type: kind } : {}),
    ...(headers
      ? { headers: Object.entries(headers).map(([name, value]) => ({ name, values: [value] })) }
      : {}),
  };
}

/** `[http_service]`: the usual ports of the web, as Fly's own tool opens them. */
export function httpServiceOf(service: TomlHttpService): MachineService {
  const { internal_port, force_https = false, checks = [] } = service;
  return {
    protocol: "tcp",
    internal_port,
    ports: [
      { port: 80, handlers: ["http"], force_https },
      { port: 443, handlers: ["tls", "http"] },
    ],
    ...scalingOf(service),
    checks: checks.map((one) => checkOf({ ...one, port: internal_port }, "http")),
  };
}

export function serviceOf(service: TomlService): MachineService {
  const { protocol, internal_port, ports, tcp_checks = [], http_checks = [] } = service;
  return {
    protocol,
    internal_port,
    ports: ports.map(withoutUndefined),
    ...scalingOf(service),
    checks: [
      ...tcp_checks.map((one) => checkOf({ port: internal_port, ...one }, "tcp")),
      ...http_checks.map((one) => checkOf({ port: internal_port, ...one }, "http")),
    ],
  };
}

function scalingOf(service: TomlHttpService | TomlService): MachineService {
  const { auto_stop_machines, auto_start_machines, min_machines_running, concurrency } = service;
  return withoutUndefined({
    autostop: auto_stop_machines,
    autostart: auto_start_machines,
    min_machines_running,
    concurrency: concurrency && withoutUndefined(concurrency),
  });
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without the keys whose value is missing. */
export function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Defined<T>;
}
