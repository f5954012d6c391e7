import type { AuditOptions } from "../audit";
import { addExamples, type CommandModule } from "../command";

export const { define, perform }: CommandModule<AuditOptions> = {
  define(command) {
    command
      .option("--since <when>", "from when on: how long ago, or a moment", "7d")
      .option("--until <when>", "up to when; now unless given")
      .option("--who <name>", "what this person did")
      .option("--command <name>", "this command alone")
      .option("--failed", "what did not end well", false)
      .option("--uri <uri>", "a database that no stack describes; with a password better in MONGODB_URI")
      .option("--db <name>", "its name; MONGODB_DB_NAME unless given");
    addExamples(command, [
      "dnd audit",
      "dnd audit --since 30d --who ada --stack production",
      "dnd audit --command rollback --failed --json",
    ]);
  },
  perform(options, terminal) {
    const { showAudit } = require("../audit") as typeof import("../audit");
    return showAudit(options, terminal);
  },
};
