import { addExamples, collected, type CommandModule } from "../command";
import type { StatusOptions } from "../status";

export const { define, perform }: CommandModule<StatusOptions> = {
  define(command) {
    command
      .option("--watch", "look again and again until Ctrl-C", false)
      .option("--every <pause>", "--watch: how long between two looks", "5s")
      .option("--uri <uri>", "a database that no stack describes; with a password better in MONGODB_URI")
      .option("--db <name>", "its name; MONGODB_DB_NAME unless given")
      .option("--store <place>", "a folder or an s3:// address; the stack's unless given", collected)
      .option("--environment <name>", "archives of which environment; the stack's unless given")
      .option("--config-file <file>", "settings other than the stack's own file");
    addExamples(command, [
      "dnd status",
      "dnd status --watch --every 2s",
      "dnd status --stack production --json",
      "dnd status --uri mongodb://127.0.0.1:27017 --db tracker --store /tmp/mongodb-backups",
    ]);
  },
  perform(options, terminal) {
    const { status } = require("../status") as typeof import("../status");
    return status(options, terminal);
  },
};
