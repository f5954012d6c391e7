import { Argument, Option } from "commander";
import { addExamples, type CommandModule } from "../command";
import { exportFormats, requireFitting, type MetricsOptions } from "../metrics/options";

export const { define, perform }: CommandModule<MetricsOptions> = {
  define(command) {
    command
      .addArgument(
        new Argument(
          "[action]",
          "show: each figure as a row of bars\nexport: the figures to standard output\nreport: the week against its targets",
        )
          .choices(["show", "export", "report"])
          .default("show"),
      )
      .action((action: "show" | "export" | "report") => void command.setOptionValue("action", action))
      .addOption(new Option("--format <format>", "export: json unless given").choices(exportFormats))
      .option(
        "--name <metric>",
        "show, export: this figure; export: those of releases and their steps unless given",
      )
      .option("--since <time>", "from then on, such as 7d, 12h or 2026-03-01; 7d unless given, show: 24h")
      .option("--until <time>", "export: until then; now unless given")
      .option("--uri <uri>", "a database that no stack describes; with a password better in MONGODB_URI")
      .option("--db <name>", "its name; MONGODB_DB_NAME unless given")
      .option("--environment <name>", "of which environment; the stack's unless given");
    addExamples(command, [
      "dnd metrics",
      "dnd metrics --since 7d --name p95Ms --stack production",
      "dnd metrics export --format csv --since 7d > releases.csv",
      "dnd metrics export --format json --name p95Ms --since 24h",
      "dnd metrics export --format prometheus",
      "dnd metrics report",
    ]);
  },
  perform(options, terminal) {
    requireFitting(options);
    if (options.action === "show")
      return (require("../metrics/show") as typeof import("../metrics/show")).showMetrics(options, terminal);
    if (options.action === "report")
      return (require("../metrics/report") as typeof import("../metrics/report")).report(options, terminal);
    const { exportMetrics } = require("../metrics/export") as typeof import("../metrics/export");
    return exportMetrics(options, terminal);
  },
};
