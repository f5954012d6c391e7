/** How much a line matters, least first. */
export const levels = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

export type Level = (typeof levels)[number];

/** A line of a machine's log. */
export interface LogLine {
  /** Null where neither the line nor an earlier one tells. */
  at: Date | null;
  machine: string;
  /** Null where the line does not tell; what is indented below a line that did is taken for a part of it. */
  level: Level | null;
  text: string;
  /** What else the line tells, where it is JSON. */
  fields: Record<string, unknown>;
}

const numbered: Record<number, Level> = {
  10: "trace",
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
  60: "fatal",
};
const words: Record<string, Level> = { warning: "warn", err: "error", critical: "fatal", notice: "info" };
const quiet = new Set(["level", "time", "msg", "message", "pid", "hostname", "timestamp", "v"]);

/** A line as it was written: the JSON of a logger, or a text that may begin with its level. */
export function readLine(raw: string, machine: string, told: Partial<LogLine> = {}): LogLine {
  const fields = jsonOf(raw);
  if (!fields) {
    return { at: told.at ?? null, machine, level: told.level ?? null, text: raw, fields: {} };
  }
  const { level, time, timestamp, msg, message } = fields;
  return {
    at: momentOf(time ?? timestamp) ?? told.at ?? null,
    machine,
    level: levelOf(level) ?? told.level ?? null,
    text: typeof msg === "string" ? msg : typeof message === "string" ? message : raw,
    fields: Object.fromEntries(Object.entries(fields).filter(([name]) => !quiet.has(name))),
  };
}

/** A level by its number or its name; undefined for anything else. */
export function levelOf(level: unknown): Level | undefined {
  if (typeof level === "number") return numbered[Math.floor(level / 10) * 10];
  if (typeof level !== "string") return undefined;
  const word = level.toLowerCase();
  return levels.find((one) => one === word) ?? words[word];
}

function momentOf(time: unknown): Date | undefined {
  if (typeof time !== "number" && typeof time !== "string") return undefined;
  const moment = new Date(time);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}

function jsonOf(raw: string): Record<string, unknown> | undefined {
  if (!raw.startsWith("{")) return undefined;
  try {
    const value = JSON.parse(raw) as unknown;
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
