import { addExamples, type CommandModule } from "../command";
import { addEngineOption } from "../operations";
import type { ScaleOptions } from "../scale";

export const { define, perform }: CommandModule<ScaleOptions> = {
  define(command) {
    command
      .argument("[count]", "how many machines are wanted, whatever the settings say")
      .action((count: string | undefined) => {
        if (count !== undefined) command.setOptionValue("count", count);
      })
      .option("--clear", "go back to the number in the settings")
      .option("--until <moment>", "when the settings count again: a date, or 2h from now; 24h unless given")
      .option("--reason <text>", "stands in `dnd status` until it ends")
      .option("--config-file <file>", "the stack's settings, where not in Pulumi.<stack>.yaml");
    addEngineOption(command);
    addExamples(command, [
      "dnd scale 4 --reason 'tournament' --until 6h",
      "dnd scale 0 --stack production --reason 'SEV1: data is being damaged'",
      "dnd scale --clear",
    ]);
  },
  perform(options, terminal) {
    const { scale } = require("../scale") as typeof import("../scale");
    return scale(options, terminal);
  },
};
