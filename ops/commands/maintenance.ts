import { Argument } from "commander";
import { addExamples, collected, type CommandModule } from "../command";
import type { ActionName, MaintenanceOptions } from "../maintenance";

const help: Record<ActionName, string> = {
  on: "everybody but health checks and --allow gets a 503 with a page",
  off: "the app serves again; a window that is still to come is given up",
  status: "whether it is on, or to come",
  schedule: "begins by itself at --at, with a banner until then",
};

export const { define, perform }: CommandModule<MaintenanceOptions> = {
  define(command) {
    const names = Object.keys(help) as ActionName[];
    const list = names.map((name) => `${name}: ${help[name]}`).join("\n");
    command
      .addArgument(new Argument("<action>", list).choices(names))
      .action((action: string) => void command.setOptionValue("action", action))
      .option("--message <text>", "what players read")
      .option("--at <moment>", "when it begins: 2026-11-22T22:00Z, or 30m from now")
      .option("--until <moment>", "when it ends by itself: a date, or 2h after the beginning")
      .option("--allow <address>", "an address or a network that goes through", collected)
      .option("--mail <address>", "who gets a mail of it", collected)
      .option("--reason <text>", "stays in the history")
      .option("--uri <uri>", "a database that no stack describes; with a password better in MONGODB_URI")
      .option("--db <name>", "its name; MONGODB_DB_NAME unless given");
    addExamples(command, [
      "dnd maintenance on --until 30m --message 'Back at ten.'",
      "dnd maintenance schedule --at 2026-11-22T22:00Z --until 2h --stack production",
      "dnd maintenance on --allow 203.0.113.7",
      "dnd maintenance off",
    ]);
  },
  perform(options, terminal) {
    const { maintenance } = require("../maintenance") as typeof import("../maintenance");
    return maintenance(options, terminal);
  },
};
