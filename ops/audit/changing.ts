import { existsSync } from "node:fs";
import { localFolder } from "../../infra/support";

interface Given {
  action?: unknown;
  words?: unknown;
  numbers?: unknown;
  dryRun?: unknown;
  apply?: unknown;
  rebuild?: unknown;
  purge?: unknown;
  key?: unknown;
}

type Looks = true | readonly string[] | ((given: Given) => boolean);

const wordsOf = ({ action, words }: Given): string[] => [
  ...(typeof action === "string" ? [action] : []),
  ...(Array.isArray(words) ? words.map(String) : []),
];

/** Which commands only look, wholly or in some of their actions. What is not named here changes something. */
const looking: Record<string, Looks> = {
  preview: true,
  outputs: true,
  status: true,
  history: true,
  check: (given) => !("prove" in given) && !("skipTests" in given),
  verify: true,
  env: true,
  doctor: true,
  logs: true,
  metrics: true,
  audit: true,
  completion: true,
  // It serves for as long as nobody ends it, and is nobody's act.
  monitor: true,
  migrate: ["status", "validate", "plan", "new"],
  release: (given) => given.action !== "approve" || given.key === undefined,
  rollback: ["quarantine"],
  backup: ["list", "show"],
  fly: (given) => wordsOf(given)[0] !== "volumes" || wordsOf(given)[1] === "list",
  alerts: ["list", "rules", "show"],
  incident: ["list", "status", "show"],
  maintenance: ["status"],
  config: ["docs", "show"],
  // Where nothing was ever started there is nothing to stop; and what is purged takes its journal with it.
  stop: (given) => given.purge === true || !existsSync(localFolder()),
  ops: (given) =>
    (given.action === "indexes" && given.rebuild === undefined) ||
    (given.action === "cleanup" && given.apply !== true),
};

/** Whether a command, as it was typed, can change something, so that who typed it is written down. */
export function changes(command: string, options: object): boolean {
  const given: Given = options;
  if (given.dryRun === true) return false;
  const looks = looking[command];
  if (looks === undefined) return true;
  if (looks === true) return false;
  if (typeof looks === "function") return !looks(given);
  return !looks.includes(wordsOf(given)[0] ?? "");
}
