import { addExamples, type CommandModule } from "../command";
import { addOperationOptions, type GivenOptions } from "../operations";

export const { define, perform }: CommandModule<GivenOptions> = {
  define(command) {
    addOperationOptions(command, "refresh");
    addExamples(command, ["dnd refresh", "dnd refresh --stack staging --yes"]);
  },
  perform(options, terminal) {
    const { performOperation } = require("../operations/perform") as typeof import("../operations/perform");
    return performOperation("refresh", options, terminal);
  },
};
