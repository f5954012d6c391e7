import { addExamples, type CommandModule } from "../command";
import { addOperationOptions, performOperation, type GivenOptions } from "../operations";

export const { define, perform }: CommandModule<GivenOptions> = {
  define(command) {
    addOperationOptions(command, "refresh");
    addExamples(command, ["dnd refresh", "dnd refresh --stack staging --yes"]);
  },
  perform: (options, terminal) => performOperation("refresh", options, terminal),
};
