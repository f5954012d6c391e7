import { addExamples, type CommandModule, type CommonOptions } from "../command";

export const { define, perform }: CommandModule<CommonOptions> = {
  define(command) {
    command
      .option("--url <url>", "an app by its address; the stack's unless given")
      .option("--watch <duration>", "watch it for so long; 5s unless given, or the stack's bake time")
      .option(
        "--uri <uri>",
        "the database of an app that no stack describes; with a password better in MONGODB_URI",
      )
      .option("--db <name>", "its name; MONGODB_DB_NAME unless given");
    addExamples(command, [
      "dnd verify",
      "dnd verify --stack production --watch 30m",
      "dnd verify --url https://tracker.example.org --json",
    ]);
  },
  perform(options, terminal) {
    const { verify } = require("../verify") as typeof import("../verify");
    return verify(options, terminal);
  },
};
