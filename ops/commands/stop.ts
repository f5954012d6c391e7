import { addExamples, type CommandModule, type CommonOptions } from "../command";
import { Interruption, type EngineName } from "../engine";
import { localPlaces, localStackName } from "../local-stack";
import { addEngineOption } from "../operations";
import { confirm, printResult } from "../terminal";

interface Options extends CommonOptions {
  engine: EngineName;
  purge: boolean;
}

export const { define, perform }: CommandModule<Options> = {
  define(command) {
    addEngineOption(command).option("--purge", "remove the data, the archives and the state too", false);
    addExamples(command, ["npm stop", "npm stop -- --purge", "dnd stop --purge --yes"]);
  },
  async perform(options, terminal) {
    const { folder } = localPlaces();
    if (options.purge) {
      await confirm(terminal, {
        action: "remove the local stack with its data",
        loss: `The database, every archive and the state in ${folder} would be gone for ever.`,
        word: localStackName,
        yes: options.yes,
      });
    }
    const { purge, takeDown } = require("../local-run") as typeof import("../local-run");
    const interruption = new Interruption(terminal.say);
    try {
      const run = { wanted: options.engine, terminal, interruption };
      const stopped = options.purge ? await purge(run) : await takeDown(run);
      const kept = options.purge ? "everything was removed" : `data and archives stay in ${folder}`;
      printResult(terminal, { stopped, purged: options.purge }, () =>
        stopped ? `The local stack is down: ${kept}.` : `Nothing was running: ${kept}.`,
      );
      return 0;
    } finally {
      interruption.release();
    }
  },
};
