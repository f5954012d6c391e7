import { addExamples, type CommandModule } from "../command";
import type { MonitorOptions } from "../monitor";

export const { define, perform }: CommandModule<MonitorOptions> = {
  define(command) {
    command
      .option("--port <port>", "where it answers; the stack's setting, or 9464; 0: any free one")
      .option("--host <address>", "at which address it listens; 127.0.0.1 unless given")
      .option("--interval <time>", "how often everything is looked at; the stack's setting, or 30s")
      .option("--once", "look once, say what was found, and end with 1 where something is down", false)
      .option("--uri <uri>", "a database that no stack describes; with a password better in MONGODB_URI")
      .option("--db <name>", "its name; MONGODB_DB_NAME unless given")
      .option("--url <address>", "where the app answers; the stack's unless given")
      .option("--environment <name>", "beside --uri: of which environment it is; development unless given");
    addExamples(command, [
      "dnd monitor",
      "dnd monitor --stack production --port 9464",
      "dnd monitor --once --json",
      "dnd monitor --uri mongodb://127.0.0.1:27017 --db tracker --url http://127.0.0.1:3000",
    ]);
  },
  perform(options, terminal) {
    const { monitor } = require("../monitor") as typeof import("../monitor");
    return monitor(options, terminal);
  },
};
