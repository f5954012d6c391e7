import { messageOf } from "../../../infra/support";
import type { ResourceState } from "../deployment";
import { ProviderGoneError } from "../providers";
import type { Run } from "./run";

const mostTries = 100;

interface Attempt {
  run: Run;
  operation: "create" | "update" | "delete";
  next?: ResourceState | undefined;
  old?: ResourceState | undefined;
}

/** Does the provider's part of a step, again and again for as long as the resource's hooks for errors ask for it. */
export async function withRetries<T>(attempt: Attempt, act: () => Promise<T>): Promise<T> {
  const { run, operation, next, old } = attempt;
  const urn = (next ?? old)?.urn;
  const failures: string[] = [];
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (error instanceof ProviderGoneError || run.stopped) throw error;
      failures.unshift(messageOf(error));
      if (!(await run.parts.hooks.wantsRetry(operation, failures, { run, next, old }))) throw error;
      if (failures.length >= mostTries)
        throw new Error(`after ${mostTries} tries: ${messageOf(error)}`, { cause: error });
      run.say(
        "warning",
        `trying ${operation} again, as a hook asks (${failures.length} of ${mostTries})`,
        urn,
      );
    }
  }
}
