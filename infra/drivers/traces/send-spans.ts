import { anySignal, OperatorError, whyNoAnswer } from "../../support";
import type { AttributeValue, Span, TracesPlace } from "./contract";

/** Sends spans by OTLP over HTTP, as JSON; throws where they were not taken. */
export async function sendSpans(
  place: TracesPlace,
  spans: readonly Span[],
  signal?: AbortSignal,
): Promise<void> {
  if (spans.length === 0) return;
  const deadline = AbortSignal.timeout(place.timeoutMs);
  let response: Response;
  try {
    response = await fetch(place.url, {
      method: "POST",
      headers: { ...place.headers, "content-type": "application/json" },
      body: JSON.stringify(requestOf(place, spans)),
      signal: anySignal([signal, deadline]),
      redirect: "error",
    });
  } catch (error) {
    throw notTaken(place, whyNoAnswer(error).reason, error);
  }
  await response.body?.cancel();
  if (!response.ok) throw notTaken(place, `it answered ${response.status}`);
}

/** What is sent: all spans as the work of one service. */
export function requestOf({ service, resource }: TracesPlace, spans: readonly Span[]): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: attributesOf({ ...resource, "service.name": service }) },
        scopeSpans: [{ scope: { name: "dnd-tracker-deploy" }, spans: spans.map(spanOf) }],
      },
    ],
  };
}

const internalKind = 1;
const statusOk = 1;
const statusError = 2;

function spanOf({ startedAt, endedAt, attributes, error, ...span }: Span): object {
  return {
    ...span,
    kind: internalKind,
    startTimeUnixNano: nanoseconds(startedAt),
    endTimeUnixNano: nanoseconds(endedAt),
    attributes: attributesOf(attributes),
    status: error === undefined ? { code: statusOk } : { code: statusError, message: error },
  };
}

/** As text, for it is larger than a number can hold exactly. */
function nanoseconds(at: Date): string {
  return String(BigInt(at.getTime()) * 1_000_000n);
}

function attributesOf(attributes: Readonly<Record<string, AttributeValue>>): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));
}

function valueOf(value: AttributeValue): object {
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "string") return { stringValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

function notTaken({ url }: TracesPlace, why: string, cause?: unknown): OperatorError {
  return new OperatorError({
    code: "traces-not-taken",
    message: `the traces were not taken at ${new URL(url).host}: ${why}`,
    remedy: "Look at OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_HEADERS, or leave them unset.",
    ...(cause === undefined ? {} : { cause }),
  });
}
