import { addExamples, type CommandModule } from "../command";
import type { DrillOptions } from "../drill";

export const { define, perform }: CommandModule<DrillOptions> = {
  define(command) {
    command
      .option("--backup <id>", "the archive that is rehearsed with; the newest unless given")
      .option("--within <time>", "a stricter target for every part, such as 5m")
      .option("--config-file <file>", "the stack's settings, where not in Pulumi.<stack>.yaml");
    addExamples(command, [
      "dnd drill",
      "dnd drill --stack production --json",
      "dnd drill --backup 20261121T030000Z-7f3a --within 5m",
    ]);
  },
  perform(options, terminal) {
    const { drill } = require("../drill") as typeof import("../drill");
    return drill(options, terminal);
  },
};
