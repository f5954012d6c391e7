import { messageOf } from "../../support";

// Raised before a connection stands, so no byte of the request has left.
const unsentCodes = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Why no answer came, and whether the request may have arrived. */
export function reasonOf(error: unknown): { reason: string; sent: boolean } {
  if (error instanceof Error && error.name === "TimeoutError")
    return { reason: "no answer in time", sent: true };
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code } = cause as NodeJS.ErrnoException;
  return { reason: code ?? messageOf(cause), sent: code === undefined || !unsentCodes.has(code) };
}
