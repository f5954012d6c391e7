import { addExamples, type CommandModule } from "../command";
import { addOperationOptions, performOperation, type GivenOptions } from "../operations";

export const { define, perform }: CommandModule<GivenOptions> = {
  define(command) {
    addOperationOptions(command, "preview");
    addExamples(command, [
      "dnd preview",
      "dnd preview --diff",
      "dnd preview --report markdown > preview.md",
      "dnd preview --stack production --expect-no-changes",
    ]);
  },
  perform: (options, terminal) => performOperation("preview", options, terminal),
};
