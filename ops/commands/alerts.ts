import { takeActions } from "../actions";
import { actions, requireFitting, type ActionName, type AlertsOptions } from "../alerts";
import { addExamples, type CommandModule } from "../command";

const help: Record<ActionName, string> = {
  list: "the open alerts; with --all or --since those that are over, too",
  show: "everything that is known of one",
  resolve: "end one; whoever was told of it is told of its end",
  silence: "keep an alert, a RULE, a RULE:SUBJECT or `everything` quiet for a while",
  test: "send one message through each channel",
  replay: "send again what never arrived, or everything that was said of one alert",
};

export const { define, perform }: CommandModule<AlertsOptions> = {
  define(command) {
    takeActions(command, help, { key: "id", help: "the alert that it is about" })
      .option("--uri <uri>", "a database that no stack describes; with a password better in MONGODB_URI")
      .option("--db <name>", "its name; MONGODB_DB_NAME unless given")
      .option("--all", "list: those that are over, too")
      .option("--since <time>", "list: those that began since then, such as 7d")
      .option("--limit <n>", "list: at most so many", Number)
      .option("--for <time>", "silence: for so long; 1h unless given")
      .option("--reason <text>", "silence: why");
    addExamples(command, [
      "dnd alerts list",
      "dnd alerts silence p95Ms --for 4h --reason 'the report runs'",
      "dnd alerts test --stack production --json",
    ]);
  },
  async perform(options, terminal) {
    requireFitting(options);
    return actions[options.action](options, terminal);
  },
};
