import { OperatorError } from "../../infra/support";
import type { CommonOptions } from "../command";
import type { RunRole } from "./as-role";

export interface FlyOptions extends CommonOptions {
  action: "stand-in" | "toml" | "volumes" | "run";
  /** What follows the action: of `volumes`, `list` or `destroy ID`; of `run`, the command. */
  words: string[];
  /** Settings other than those of the stack's own file. */
  configFile?: string;
  /** An app other than that of the settings. */
  app?: string;
  port: number;
  /** Each `NAME=COMMAND`. */
  image: string[];
  /** Each `NAME=VALUE`. */
  env: string[];
  /** Each `NAME=PORT`. */
  appPort: string[];
  paper: boolean;
  rateLimits: boolean;
  replyMs: number;
  /** Of `run`, in milliseconds. */
  timeout: number;
  /** Of `run`, the group of machines whose settings the command gets. */
  group?: string;
  /** Of `run`, the user of the database that the command logs in as, in place of the app's own. */
  as?: RunRole;
  token?: string;
  organization: string[];
}

/** What was given as `NAME=SOMETHING`, by name. */
export function pairsOf(option: PairOption, texts: readonly string[]): Map<string, string> {
  return new Map(texts.map((text) => pairOf(option, text)));
}

export const pairExamples = {
  image: 'NAME=COMMAND, for one --image "registry.fly.io/web:v1=node server.js"',
  env: "NAME=VALUE, for one --env MONGODB_URI=mongodb://127.0.0.1:27017",
  "app-port": "NAME=PORT, for one --app-port tracker=8080",
};

type PairOption = keyof typeof pairExamples;

function pairOf(option: PairOption, text: string): [string, string] {
  const at = text.indexOf("=");
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
  throw new OperatorError({
    code: `${option}-unclear`,
    message: `--${option} ${text} is no pair`,
    remedy: `Write ${pairExamples[option]}.`,
    kind: "usage",
  });
}
