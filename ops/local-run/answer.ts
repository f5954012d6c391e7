import { anySignal, OperatorError, messageOf, waitFor } from "../../infra/support";

/** Waits until an address answers with a page; a refusal after that is the error, with what was seen last. */
export async function awaitAnswer(url: string, signal: AbortSignal, patienceMs = 15_000): Promise<void> {
  let seen = "nothing";
  const ask = async () => {
    try {
      const response = await fetch(url, { signal: anySignal([signal, AbortSignal.timeout(3000)]) });
      await response.body?.cancel();
      if (response.ok) return true;
      seen = `status ${response.status}`;
    } catch (error) {
      seen = messageOf(error);
    }
    return undefined;
  };
  await waitFor(ask, { what: url, timeoutMs: patienceMs, intervalMs: 200, signal }).catch(
    (error: unknown) => {
      if (signal.aborted) throw error;
      throw new OperatorError({
        code: "address-silent",
        message: `${url} did not answer within ${patienceMs / 1000}s, seen last: ${seen}`,
        remedy: "`dnd doctor` shows which machine is not healthy; `dnd up` mends it.",
        cause: error,
      });
    },
  );
}
