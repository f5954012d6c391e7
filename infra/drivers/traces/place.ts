import type { TracesPlace } from "./contract";

const usualTimeoutMs = 10_000;

/** Where the usual variables of OpenTelemetry say that traces go; undefined where they name no place or switch it off. */
export function tracesPlace(env: NodeJS.ProcessEnv): TracesPlace | undefined {
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === "true" || env.OTEL_TRACES_EXPORTER === "none")
    return undefined;
  const url = urlOf(env);
  if (url === undefined) return undefined;
  const timeoutMs = Number(env.OTEL_EXPORTER_OTLP_TRACES_TIMEOUT || env.OTEL_EXPORTER_OTLP_TIMEOUT);
  const resource = pairsOf(env.OTEL_RESOURCE_ATTRIBUTES);
  return {
    url,
    headers: {
      ...pairsOf(env.OTEL_EXPORTER_OTLP_HEADERS),
      ...pairsOf(env.OTEL_EXPORTER_OTLP_TRACES_HEADERS),
    },
    service: env.OTEL_SERVICE_NAME || resource["service.name"] || "dnd-tracker-deploy",
    resource,
    timeoutMs: timeoutMs > 0 ? timeoutMs : usualTimeoutMs,
  };
}

/** The one for traces is taken as it stands; the one for everything gets the usual path. */
function urlOf(env: NodeJS.ProcessEnv): string | undefined {
  if (env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  return base ? `${base.replace(/\/+$/, "")}/v1/traces` : undefined;
}

/** "a=1,b=2", with what is special in them written as in an address. */
function pairsOf(text: string | undefined): Record<string, string> {
  const pairs = (text ?? "").split(",").flatMap((pair): [string, string][] => {
    const at = pair.indexOf("=");
    return at <= 0 ? [] : [[decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))]];
  });
  return Object.fromEntries(pairs);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return text.trim();
  }
}
