import { OperatorError } from "../../infra/support";
import type { CommonOptions } from "../command";

export interface FlyOptions extends CommonOptions {
  action: "stand-in";
  port: number;
  /** Each `NAME=COMMAND`. */
  image: string[];
  paper: boolean;
  rateLimits: boolean;
  replyMs: number;
  token?: string;
  organization: string[];
}

/** The images that were given, by name, with their commands. */
export function imagesGiven(texts: readonly string[]): Map<string, string> {
  return new Map(texts.map(imageGiven));
}

function imageGiven(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
  throw new OperatorError({
    code: "image-unclear",
    message: `--image ${text} does not say what to run`,
    remedy: 'Write NAME=COMMAND, for one --image "registry.fly.io/web:v1=node server.js".',
    kind: "usage",
  });
}
