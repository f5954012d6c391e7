import { Argument } from "commander";
import { addExamples, type CommandModule } from "../command";
import type { ConfigOptions } from "../config/export";

export const { define, perform }: CommandModule<ConfigOptions> = {
  define(command) {
    command
      .addArgument(
        new Argument(
          "<action>",
          "export: write config/migration.ENVIRONMENT.json and config/monitoring.json, without secrets",
        ).choices(["export"]),
      )
      .option("--to <folder>", "the folder that config/ is made in; the project's unless given")
      .option("--force", "overwrite files that are there", false)
      .action((action: "export") => void command.setOptionValue("action", action));
    addExamples(command, ["dnd config export", "dnd config export --to /tmp/tracker --json"]);
  },
  perform(options, terminal) {
    const { exportConfig } = require("../config/export") as typeof import("../config/export");
    return exportConfig(options, terminal);
  },
};
