import { usageOf } from "../actions";
import type { DatabaseOptions } from "../named-database";

export type ActionName = "list" | "show" | "diff" | "approve";

export interface ReleaseOptions extends DatabaseOptions {
  action: ActionName;
  numbers: string[];
  limit?: number;
  key?: string;
}

export const usage = usageOf("release");

const wanted: Record<ActionName, [number, string]> = {
  list: [0, "`list` takes no number"],
  show: [1, "`show` wants the number of a release, or `latest`"],
  approve: [1, "`approve` wants the number of the coming release, or `next`"],
  diff: [2, "`diff` wants the numbers of two releases"],
};

/** Refuses what does not fit together, before anything is looked at. */
export function requireFitting({ action, numbers, limit, key }: ReleaseOptions): void {
  const [count, sentence] = wanted[action];
  if (numbers.length !== count) throw usage(sentence);
  for (const text of numbers) {
    if (
      !/^([1-9]\d{0,8}|latest|next)$/.test(text) ||
      (text === "next") !== (action === "approve" && !/^\d/.test(text))
    )
      throw usage(`${text} is no number of a release`);
  }
  if (limit !== undefined && action !== "list") throw usage(`--limit means nothing to ${action}`);
  if (key !== undefined && action !== "approve") throw usage(`--key means nothing to ${action}`);
  if (limit !== undefined && !(limit >= 1)) throw usage("--limit wants a number, 1 or more");
}
