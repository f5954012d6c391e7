import { addExamples, type CommandModule, type CommonOptions } from "../command";
import { chooseEngine, type EngineName } from "../engine";
import { addPlaceOptions } from "../operations";
import { resolvePlace, type PlaceOptions } from "../stack-place";
import { confirm, printResult } from "../terminal";

interface Options extends CommonOptions, PlaceOptions {
  engine: EngineName;
  all: boolean;
}

export const { define, perform }: CommandModule<Options> = {
  define(command) {
    addPlaceOptions(command).option(
      "--all",
      "also the lock of an operation that may still be running",
      false,
    );
    addExamples(command, ["dnd cancel", "dnd cancel --all --stack staging"]);
  },
  async perform(options, terminal) {
    const { engine } = await chooseEngine(options.engine);
    const place = await resolvePlace(options);
    if (options.all) {
      const loss = "Two operations at once would lose parts of the state.";
      await confirm(terminal, { action: `remove every lock of ${place.stack}`, loss, yes: options.yes });
    }
    const done = await engine.cancel(place, { all: options.all });
    printResult(terminal, { stack: place.stack, done }, () => done);
    return 0;
  },
};
