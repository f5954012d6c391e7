/** Colours a text, or leaves it as it is. */
export type Paint = (text: string, colour: Colour) => string;
export type Colour = "green" | "yellow" | "red" | "magenta" | "blue" | "dim" | "bold";

const codes: Record<Colour, string> = {
  green: "32",
  yellow: "33",
  red: "31",
  magenta: "35",
  blue: "34",
  dim: "2",
  bold: "1",
};

/** Colours by the terminal's codes; without colour every text stays plain. */
export function paintWith(color: boolean): Paint {
  return color ? (text, colour) => `\u001b[${codes[colour]}m${text}\u001b[0m` : (text) => text;
}

interface Screen {
  isTTY?: boolean;
}

/** Whether a stream can be redrawn: a terminal that is more than a line printer, and no log of CI that looks like one. */
export function isLive(stream: Screen, env: NodeJS.ProcessEnv = process.env): boolean {
  return stream.isTTY === true && env.TERM !== "dumb" && !env.CI;
}

/** Whether a stream is to be coloured; NO_COLOR says no to every one. */
export function wantsColor(stream: Screen, env: NodeJS.ProcessEnv = process.env): boolean {
  return isLive(stream, env) && !env.NO_COLOR;
}
