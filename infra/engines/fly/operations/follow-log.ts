import { anySignal } from "../../../support";
import type { FlyApi } from "../../../drivers/fly-api";

const patienceMs = 5000;
/** So many pages are read at once of a log that is ahead. */
const pagesAtOnce = 10;

/** Tells the lines of a machine's log once each, as far as Fly has them whenever it looks; what cannot be read decides nothing. */
export function logFollower(
  { api, app, machine }: { api: FlyApi; app: string; machine: string },
  tell: (line: string) => void,
): { look(signal: AbortSignal): Promise<number> } {
  let after: string | undefined;
  return {
    look: async (signal) => {
      let told = 0;
      try {
        for (let page = 0; page < pagesAtOnce; page++) {
          const limit = anySignal([signal, AbortSignal.timeout(patienceMs)]);
          const place = { machine, ...(after === undefined ? {} : { after }), signal: limit };
          const { lines, next } = await api.logs.page(app, place);
          for (const { message } of lines) tell(message);
          told += lines.length;
          if (next === null) break;
          after = next;
          if (lines.length === 0) break;
        }
      } catch {
        signal.throwIfAborted();
      }
      return told;
    },
  };
}
