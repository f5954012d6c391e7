import { OperatorError } from "../../infra/support";
import { sinceOf } from "../since";
import { levels, type Level, type LogLine } from "./line";

export interface LogWishes {
  since: string;
  level?: Level;
  grep?: string;
  machine?: string;
}

/** Says of each line whether it is asked for; throws where the wishes make no sense. */
export function wantedBy({ since, level, grep, machine }: LogWishes): (line: LogLine) => boolean {
  const from = sinceOf(since);
  const least = level === undefined ? 0 : levels.indexOf(level);
  const pattern = grep === undefined ? undefined : patternOf(grep);
  return (line) =>
    // What tells no time may be of any time: better shown than missed.
    (line.at === null || line.at >= from) &&
    // Nor a level: a program that dies says so in plain words.
    (line.level === null || levels.indexOf(line.level) >= least) &&
    (machine === undefined || line.machine === machine) &&
    (pattern === undefined || pattern.test(`${line.text} ${JSON.stringify(line.fields)}`));
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text, "i");
  } catch (cause) {
    throw new OperatorError({
      code: "usage",
      kind: "usage",
      message: `--grep ${text} is no regular expression`,
      remedy: "Put a backslash before each of the signs ( ) [ ] * + ? that is meant as it stands.",
      cause,
    });
  }
}
