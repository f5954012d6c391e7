import { withDeadline } from "../../../support";

/** Whether the address answers at all, as a quick look for drift. */
export async function isAnswering(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    return await withDeadline(
      2000,
      async (limit) => (await fetch(new URL("/health", url), { signal: limit })).ok,
      signal,
    );
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
