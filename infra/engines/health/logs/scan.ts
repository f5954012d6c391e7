/** What the logs of an app's machines tell of errors. */
export interface LogFindings {
  lines: number;
  errors: number;
  traces: number;
  /** What the errors are about, without what differs from one time to the next; the most frequent first. */
  kinds: string[];
}

const keptKinds = 20;
const levelOfErrors = 50;

/** Reads lines of logs, JSON as pino writes it or plain text, for errors and stack traces since a moment. */
export function scanLogs(lines: readonly string[], since = new Date(0)): LogFindings {
  const kinds = new Map<string, number>();
  const found = { lines: 0, errors: 0, traces: 0 };
  let inTrace = false;
  for (const line of lines) {
    const entry = entryOf(line);
    if (entry.at !== undefined && entry.at < since.getTime()) continue;
    found.lines += 1;
    const frame = /^\s+at \S/.test(line);
    if (entry.trace || (frame && !inTrace)) found.traces += 1;
    inTrace = frame;
    if (entry.error === undefined) continue;
    found.errors += 1;
    const kind = kindOf(entry.error);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const sorted = [...kinds].sort(([, one], [, other]) => other - one).map(([kind]) => kind);
  return { ...found, kinds: sorted.slice(0, keptKinds) };
}

interface Entry {
  at?: number;
  /** What went wrong, where the line is of an error. */
  error?: string;
  trace?: boolean;
}

function entryOf(line: string): Entry {
  const fields = asFields(line);
  if (!fields) return plainEntry(line);
  const { level, time, msg, err } = fields as {
    level?: unknown;
    time?: unknown;
    msg?: unknown;
    err?: { type?: unknown; message?: unknown; stack?: unknown } | null;
  };
  const at = typeof time === "number" ? time : Date.parse(String(time));
  const entry: Entry = Number.isNaN(at) ? {} : { at };
  const isError = typeof level === "number" ? level >= levelOfErrors : /^(error|fatal)$/i.test(String(level));
  if (!isError) return entry;
  const told = [msg, err?.type, err?.message].filter((one) => typeof one === "string");
  return { ...entry, error: told.join(": ") || "an error without words", trace: Boolean(err?.stack) };
}

function plainEntry(line: string): Entry {
  const isError = /^\s*(\w*(Error|Exception)\b|Uncaught\b|Unhandled|FATAL\b|fatal error|panic:)/.test(line);
  return isError ? { error: line.trim() } : {};
}

function asFields(line: string): object | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as object;
  } catch {
    return undefined;
  }
}

/** Passwords of addresses, values of parameters, numbers and keys are left out: none tells of a kind, and some are secret. */
function kindOf(text: string): string {
  const plain = (text.split("\n")[0] ?? "")
    .replace(/\/\/[^@/\s]+@/g, "//[secret]@")
    .replace(/([?&][\w-]+=)[^&\s]*/g, "$1…")
    .replace(/\b(bearer|basic)\s+\S+/gi, "$1 …")
    .replace(/\b[0-9a-f-]{12,}\b/gi, "…")
    .replace(/\d+/g, "#");
  return plain.length > 160 ? `${plain.slice(0, 160)}…` : plain;
}
