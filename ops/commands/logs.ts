import { InvalidArgumentError, Option } from "commander";
import { addExamples, type CommandModule } from "../command";
import type { LogsOptions } from "../log";

export const { define, perform }: CommandModule<LogsOptions> = {
  define(command) {
    command
      .option("--since <when>", "from when on: how long ago, or a moment", "1h")
      .addOption(
        new Option("--level <level>", "this level and worse, and what tells none").choices([
          "trace",
          "debug",
          "info",
          "warn",
          "error",
          "fatal",
        ]),
      )
      .option("--grep <expression>", "lines that match, capital or small letters alike")
      .option("--machine <id>", "this machine alone; `dnd status` names them")
      .option("-n, --lines <n>", "the newest so many", wholeNumber)
      .option("-f, --follow", "what comes as well, until Ctrl-C; --json: one document a line", false)
      .option("--app <name>", "an app at Fly, other than that of the settings")
      .option("--config-file <file>", "settings other than the stack's own file");
    addExamples(command, [
      "dnd logs",
      "dnd logs --since 15m --level error",
      'dnd logs --stack production --since 6h --grep "timed? out" --json',
      "dnd logs --follow --machine tracker-1",
    ]);
  },
  perform(options, terminal) {
    const { logs } = require("../log") as typeof import("../log");
    return logs(options, terminal);
  },
};

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It has to be a whole number.");
}
