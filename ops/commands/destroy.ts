import { addExamples, type CommandModule } from "../command";
import { addOperationOptions, performOperation, type GivenOptions } from "../operations";

export const { define, perform }: CommandModule<GivenOptions> = {
  define(command) {
    addOperationOptions(command, "destroy");
    addExamples(command, ["dnd destroy", "dnd destroy --stack staging --yes"]);
  },
  perform: (options, terminal) => performOperation("destroy", options, terminal),
};
