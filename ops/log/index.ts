import type { CommonOptions } from "../command";
import { localStackName } from "../local-stack";
import { settingsNamed } from "../stack-settings";
import { readerGone, type Terminal } from "../terminal";
import { Interruption } from "../engine";
import { follow } from "./follow";
import { FlySource } from "./fly-source";
import type { LogLine } from "./line";
import { LocalSource } from "./local-source";
import type { LogSource } from "./source";
import { lineJson, lineText } from "./text";
import { wantedBy, type LogWishes } from "./wanted";

export interface LogsOptions extends CommonOptions, LogWishes {
  follow: boolean;
  lines?: number;
  app?: string;
  configFile?: string;
}

/** Shows the log of what runs; with `--follow` what comes as well, until Ctrl-C. */
export async function logs(options: LogsOptions, terminal: Terminal): Promise<number> {
  const wanted = wantedBy(options);
  const source = await sourceOf(options);
  const interruption = new Interruption(() => undefined);
  const signal = AbortSignal.any([interruption.signal, readerGone(terminal)]);
  try {
    const found = (await source.read(signal)).filter(wanted).sort(byTime);
    const shown = newest(found, options.lines);
    const nobody = source.nobody();
    if (nobody !== undefined) terminal.say(nobody);
    if (!options.follow) print(shown, { terminal, told: nobody !== undefined });
    else {
      const tell = (lines: LogLine[]) => lines.filter(wanted).sort(byTime).forEach(teller(terminal));
      shown.forEach(teller(terminal));
      await follow(source, { tell, signal, say: terminal.say });
    }
    return 0;
  } catch (error) {
    if (signal.aborted && options.follow) return 0;
    throw error;
  } finally {
    await source.close();
    interruption.release();
  }
}

function newest(lines: LogLine[], count = lines.length): LogLine[] {
  return lines.slice(Math.max(0, lines.length - count));
}

/** A document that never ends is none: what is followed comes as one document a line. */
function teller({ json, out }: Terminal): (line: LogLine) => void {
  return (line) => void out.write(`${json ? JSON.stringify(lineJson(line)) : lineText(line)}\n`);
}

function print(lines: LogLine[], { terminal, told }: { terminal: Terminal; told: boolean }): void {
  if (terminal.json) terminal.out.write(`${JSON.stringify({ lines: lines.map(lineJson) }, null, 2)}\n`);
  else if (lines.length > 0) terminal.out.write(`${lines.map(lineText).join("\n")}\n`);
  else if (!told) terminal.say("no line of the log is asked for by that");
}

async function sourceOf({ stack, app, machine, configFile }: LogsOptions): Promise<LogSource> {
  const name = app ?? (await settingsNamed({ stack, configFile })).app.name;
  if (stack === localStackName && app === undefined) return new LocalSource(name);
  const { openFlyApiOf } =
    require("../../infra/drivers/fly-api") as typeof import("../../infra/drivers/fly-api");
  return new FlySource(openFlyApiOf(process.env), name, machine);
}

function byTime(one: LogLine, other: LogLine): number {
  // What tells no time stays where it is.
  if (one.at === null || other.at === null) return 0;
  return one.at.getTime() - other.at.getTime();
}
