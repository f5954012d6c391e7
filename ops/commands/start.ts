import { addExamples, type CommandModule, type CommonOptions } from "../command";
import { Interruption, type EngineName } from "../engine";
import { addEngineOption } from "../operations";
import { printResult, table } from "../terminal";

interface Options extends CommonOptions {
  engine: EngineName;
}

export const { define, perform }: CommandModule<Options> = {
  define(command) {
    addEngineOption(command);
    addExamples(command, ["npm start", "dnd start --engine embedded", "dnd start --json"]);
  },
  async perform({ engine }, terminal) {
    const { bringUp } = require("../local-run") as typeof import("../local-run");
    const interruption = new Interruption(terminal.say);
    try {
      const running = await bringUp({ wanted: engine, terminal, interruption });
      printResult(terminal, running, () =>
        [
          running.changed ? "The D&D Tracker is up." : "Nothing changed: the D&D Tracker is up.",
          table([
            ["  app", running.url],
            ["  dashboard", running.dashboardUrl],
            ["  database", running.databaseName],
          ]),
        ].join("\n"),
      );
      return 0;
    } finally {
      interruption.release();
    }
  },
};
