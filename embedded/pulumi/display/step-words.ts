import type { StepKind } from "../deployment";
import type { Colour } from "./palette";

interface Words {
  symbol: string;
  colour: Colour;
  plan: string;
  doing: string;
  done: string;
}

const words = (symbol: string, colour: Colour, plan: string, doing: string, done: string): Words => ({
  symbol,
  colour,
  plan,
  doing,
  done,
});

/** How each step is called, as Pulumi calls it. */
export const stepWords: Record<StepKind, Words> = {
  same: words("  ", "dim", "", "", ""),
  create: words("+ ", "green", "create", "creating", "created"),
  update: words("~ ", "yellow", "update", "updating", "updated"),
  delete: words("- ", "red", "delete", "deleting", "deleted"),
  replace: words("+-", "magenta", "replace", "replacing", "replaced"),
  "create-replacement": words(
    "++",
    "green",
    "create replacement",
    "creating replacement",
    "created replacement",
  ),
  "delete-replaced": words("--", "red", "delete original", "deleting original", "deleted original"),
  read: words("> ", "blue", "read", "reading", "read"),
  "read-replacement": words(">>", "blue", "read replacement", "reading replacement", "read replacement"),
  refresh: words("~ ", "yellow", "refresh", "refreshing", "refreshed"),
  import: words("= ", "green", "import", "importing", "imported"),
  "import-replacement": words(
    "=>",
    "green",
    "import replacement",
    "importing replacement",
    "imported replacement",
  ),
  discard: words("< ", "red", "discard", "discarding", "discarded"),
  "remove-pending-replace": words("~ ", "yellow", "complete replacement", "completing", "completed"),
};

/** The two halves of a replacement; the step `replace` tells of both. */
export const isHalfStep = (step: StepKind) => step === "create-replacement" || step === "delete-replaced";

/** A step's length as Pulumi tells it: hundredths below one second, else whole seconds. */
export function stepTime(ms: number): string {
  return ms < 1000 ? `${(ms / 1000).toFixed(2)}s` : wholeSeconds(ms);
}

/** "2s", "1m5s". */
export function wholeSeconds(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
