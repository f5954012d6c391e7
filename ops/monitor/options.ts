import { parseDuration } from "../../infra/support";
import { usageOf } from "../actions";
import type { DatabaseOptions } from "../named-database";

/** What `dnd monitor` is given. */
export interface MonitorOptions extends DatabaseOptions {
  port?: string;
  host?: string;
  interval?: string;
  url?: string;
  environment?: string;
  once: boolean;
}

/** The options that stand above the settings. */
export interface Wanted {
  port: number;
  host: string;
  intervalMs: number;
}

const usage = usageOf("monitor");
const leastIntervalMs = 1000;
/** After two minutes without a look the monitor itself counts as silent. */
const longestIntervalMs = 60_000;

/** What was asked for, else what the settings say. */
export function wantedOf(options: MonitorOptions, usual: { port: number; intervalMs: number }): Wanted {
  return {
    port: options.port === undefined ? usual.port : portOf(options.port),
    host: options.host ?? "127.0.0.1",
    intervalMs: options.interval === undefined ? usual.intervalMs : intervalOf(options.interval),
  };
}

/** 0 lets the system choose. */
function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw usage(`--port wants a port from 0 to 65535, not ${text}`);
}

function intervalOf(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= leastIntervalMs && ms <= longestIntervalMs) return ms;
  throw usage(`--interval wants a time from a second to a minute such as 30s, not ${text}`);
}
