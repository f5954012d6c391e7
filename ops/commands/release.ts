import { Argument } from "commander";
import { addExamples, type CommandModule } from "../command";
import { actions, requireFitting, type ActionName, type ReleaseOptions } from "../release";

const help: Record<ActionName, string> = {
  list: "what was released, newest first",
  show: "everything that is known of release N, or of the `latest`",
  approve: "show what the coming release N is, or of `next`; with --key sign that you agree",
  diff: "in what the releases N and M differ",
};

export const { define, perform }: CommandModule<ReleaseOptions> = {
  define(command) {
    const names = Object.keys(help) as ActionName[];
    const list = names.map((name) => `${name}: ${help[name]}`).join("\n");
    command
      .addArgument(new Argument("<action>", list).choices(names))
      .argument("[numbers...]", "the releases that it is about")
      .option("--uri <uri>", "a database that no stack describes; with a password better in MONGODB_URI")
      .option("--db <name>", "its name; MONGODB_DB_NAME unless given")
      .option("--config-file <file>", "the stack's settings, where not in Pulumi.<stack>.yaml")
      .option("--limit <n>", "list: at most so many; 20 unless given", Number)
      .option("--key <file>", "approve: sign with this SSH key")
      .action((action: ActionName, numbers: string[]) => {
        command.setOptionValue("action", action);
        command.setOptionValue("numbers", numbers);
      });
    addExamples(command, [
      "dnd release list",
      "dnd release show latest --json",
      "dnd release diff 3 4 --stack production",
    ]);
  },
  async perform(options, terminal) {
    requireFitting(options);
    return actions[options.action](options, terminal);
  },
};
