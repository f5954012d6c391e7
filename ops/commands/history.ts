import { formatDuration } from "../../infra/support";
import { addExamples, type CommandModule, type CommonOptions } from "../command";
import { chooseEngine, type EngineName, type HistoryEntry } from "../engine";
import { addPlaceOptions } from "../operations";
import { resolvePlace, type PlaceOptions } from "../stack-place";
import { printResult, table } from "../terminal";

interface Options extends CommonOptions, PlaceOptions {
  engine: EngineName;
}

export const { define, perform }: CommandModule<Options> = {
  define(command) {
    addPlaceOptions(command);
    addExamples(command, ["dnd history", "dnd history --json --stack staging"]);
  },
  async perform(options, terminal) {
    const { engine } = await chooseEngine(options.engine);
    const entries = await engine.history(await resolvePlace(options));
    printResult(terminal, entries, () =>
      entries.length > 0 ? table(entries.map(row)) : `nothing was done yet on the stack ${options.stack}`,
    );
    return 0;
  },
};

function row({ startTime, endTime, kind, result, changes, message }: HistoryEntry): string[] {
  const took = endTime ? formatDuration(Date.parse(endTime) - Date.parse(startTime)) : "";
  const counts = Object.entries(changes).map(([op, count]) => `${op} ${count}`);
  return [startTime, kind, result, took, counts.join(", "), message];
}
