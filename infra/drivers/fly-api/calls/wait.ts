import type { WaitWish } from "../contract";
import { publishedRates } from "../limiter";
import type { Send } from "../request";
import { finalStates, restingStates, waitedSchema, type Waited } from "../schemas/machine";
import { pathOf } from "./call";

/** Waits at the server for a state, at most a minute. */
export async function waitAt(send: Send, app: string, id: string, wish: WaitWish): Promise<Waited> {
  const seconds = Math.min(60, Math.max(1, Math.ceil(wish.timeoutMs / 1000)));
  const query = new URLSearchParams({ timeout: String(seconds) });
  for (const state of new Set(wish.states.flatMap(spelledOut))) query.append("state", state);
  if (wish.version) {
    query.set("version", wish.version);
    query.set("instance_id", wish.version);
  }
  const { value } = await send(
    {
      doing: `bring machine ${id} of app ${app} to ${wish.states.join(" or ")}`,
      method: "GET",
      path: pathOf("apps", app, "machines", id, "wait"),
      query,
      repeatable: true,
      limit: { action: "wait", of: id, rate: publishedRates.usual },
      answer: waitedSchema,
      patienceMs: seconds * 1000,
    },
    wish.signal,
  );
  return value;
}

/** Older editions of the API know no "settled". */
function spelledOut(state: string): readonly string[] {
  return state === "settled"
    ? [...restingStates.filter((one) => one !== "created"), ...finalStates]
    : [state];
}
