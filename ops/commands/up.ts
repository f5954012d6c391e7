import { addExamples, type CommandModule } from "../command";
import { addOperationOptions, performOperation, type GivenOptions } from "../operations";

export const { define, perform }: CommandModule<GivenOptions> = {
  define(command) {
    addOperationOptions(command, "up");
    addExamples(command, [
      "dnd up",
      "dnd up --stack staging --yes",
      "dnd up --target 'urn:pulumi:local::dnd-tracker::…' --diff",
      'dnd up --stack production --override-promotion "the login is down"',
      "dnd up --json > result.json",
    ]);
  },
  perform: (options, terminal) => performOperation("up", options, terminal),
};
