import { anySignal, messageOf } from "../../support";
import type { AwsCredentials } from "./contract";
import { AwsRefused } from "./errors";
import { signed } from "./sign";

/** Where the services are and as whom they are asked. */
export interface AwsPlace {
  region: string;
  credentials: AwsCredentials;
  /** Another address of a service, by its short name. */
  endpoints: Partial<Record<Service, string>>;
}

export type Service = "sts" | "iam" | "kms";

interface AwsCall {
  service: Service;
  /** As it reads after "AWS did not". */
  doing: string;
  body: string;
  headers: Record<string, string>;
}

const patienceMs = 15_000;
/** The one region that answers for all where a service has none of its own. */
const worldwide = "us-east-1";

/** Sends one signed call and gives what came; throws an AwsRefused for a refusal. */
export async function called(place: AwsPlace, call: AwsCall, signal: AbortSignal): Promise<string> {
  const { service, doing, body, headers } = call;
  const region = service === "iam" ? worldwide : place.region;
  const url = new URL(place.endpoints[service] ?? usualEndpoint(service, region));
  const sent = { url, body, headers, service, region, at: new Date() };
  const response = await answered(url, { body, headers: signed(sent, place.credentials) }, call, signal);
  const text = await response.text();
  if (response.ok) return text;
  throw new AwsRefused(doing, wordIn(text) ?? String(response.status), saidIn(text) ?? response.statusText);
}

async function answered(
  url: URL,
  request: { body: string; headers: Record<string, string> },
  { doing, service }: AwsCall,
  signal: AbortSignal,
): Promise<Response> {
  try {
    const patience = anySignal([signal, AbortSignal.timeout(patienceMs)]);
    return await fetch(url, { method: "POST", ...request, redirect: "error", signal: patience });
  } catch (cause) {
    signal.throwIfAborted();
    throw new AwsRefused(
      doing,
      "no answer",
      `${service} cannot be reached: ${messageOf(cause)}`,
      "Look at the way to AWS and at health.aws.amazon.com, then run the command again.",
    );
  }
}

function usualEndpoint(service: Service, region: string): string {
  return service === "iam" ? "https://iam.amazonaws.com/" : `https://${service}.${region}.amazonaws.com/`;
}

/** The older services refuse in XML, the newer in JSON. */
function wordIn(text: string): string | undefined {
  return elementIn(text, "Code") ?? /"__type"\s*:\s*"(?:[^"#]*#)?([^"]+)"/.exec(text)?.[1];
}

function saidIn(text: string): string | undefined {
  return elementIn(text, "Message") ?? /"[Mm]essage"\s*:\s*"([^"]+)"/.exec(text)?.[1];
}

/** The text of the first element of a name in an answer. */
export function elementIn(text: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
}
