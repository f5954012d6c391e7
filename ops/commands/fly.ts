import { Argument, InvalidArgumentError } from "commander";
import { addExamples, type CommandModule } from "../command";
import type { FlyOptions } from "../fly";

export const { define, perform }: CommandModule<FlyOptions> = {
  define(command) {
    command
      .addArgument(
        new Argument("<action>", "stand-in: serve Fly's API here until Ctrl-C").choices(["stand-in"]),
      )
      .option("--port <port>", "where it listens, on 127.0.0.1", wholeNumber, 4280)
      .option(
        "--image <name=command>",
        "what machines of an image run; without any, every image is the reference app",
        collected,
        [],
      )
      .option(
        "--paper",
        "machines run on paper only: they start, pass their checks and answer nothing",
        false,
      )
      .option("--no-rate-limits", "take more requests than Fly publishes that it does")
      .option("--reply-ms <n>", "how long each answer takes", wholeNumber, 0)
      .option("--token <token>", "the only token that is taken; any unless given")
      .option("--organization <slug>", "an organization that there is; any unless given", collected, [])
      .action((action: string) => void command.setOptionValue("action", action));
    addExamples(command, [
      "dnd fly stand-in",
      "dnd fly stand-in --paper --reply-ms 80",
      'dnd fly stand-in --port 0 --image "registry.fly.io/web:v1=node server.js" --json',
    ]);
  },
  perform(options, terminal) {
    const { standIn } = require("../fly") as typeof import("../fly");
    return standIn(options, terminal);
  },
};

function collected(text: string, before: string[]): string[] {
  return [...before, text];
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It has to be a whole number.");
}
