export type AttributeValue = string | number | boolean;

/** A stretch of work, as OpenTelemetry knows it. */
export interface Span {
  /** 32 hexadecimal digits, the same for all spans of one trace. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
  parentSpanId?: string;
  name: string;
  startedAt: Date;
  endedAt: Date;
  attributes: Readonly<Record<string, AttributeValue>>;
  /** Why it failed; without one it went well. */
  error?: string | undefined;
}

/** Where traces are sent, and as whose. */
export interface TracesPlace {
  url: string;
  headers: Readonly<Record<string, string>>;
  service: string;
  /** More of what is said of the sender. */
  resource: Readonly<Record<string, string>>;
  timeoutMs: number;
}
