import { addExamples, type CommandModule, type CommonOptions } from "../command";
import { chooseEngine, type EngineName } from "../engine";
import { addPlaceOptions } from "../operations";
import { resolvePlace, type PlaceOptions } from "../stack-place";
import { printResult, table } from "../terminal";

interface Options extends CommonOptions, PlaceOptions {
  engine: EngineName;
  showSecrets: boolean;
}

export const { define, perform }: CommandModule<Options> = {
  define(command) {
    addPlaceOptions(command).option("--show-secrets", "show secret outputs in plain text", false);
    addExamples(command, [
      "dnd outputs",
      "dnd outputs --json --show-secrets",
      "dnd outputs --stack production",
    ]);
  },
  async perform(options, terminal) {
    const { engine } = await chooseEngine(options.engine);
    const place = await resolvePlace(options);
    const outputs = await engine.outputs(place, { showSecrets: options.showSecrets });
    printResult(terminal, outputs, () => {
      const rows = Object.entries(outputs).map(([name, value]) => [name, shown(value)]);
      return rows.length > 0 ? table(rows) : `the stack ${place.stack} has no outputs: nothing is deployed`;
    });
    return 0;
  },
};

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
