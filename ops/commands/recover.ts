import { addExamples, type CommandModule } from "../command";
import { addEngineOption } from "../operations";
import type { RecoverOptions } from "../recover";

export const { define, perform }: CommandModule<RecoverOptions> = {
  define(command) {
    command
      .option(
        "--backup <id>",
        "the archive that data comes back from, or `latest`; none goes on with what was begun",
      )
      .option("--reason <text>", "stays in the journal of releases")
      .option("--give-up", "end a recovery that was begun and leave things as they are")
      .option("--from-nothing", "a whole environment, without the old state: from --store and --identity")
      .option("--store <place>", "--from-nothing: the folder or s3:// address with the archives")
      .option("--identity <file>", "--from-nothing: the file with the recovery key that opens them")
      .option("--config-file <file>", "the stack's settings, where not in Pulumi.<stack>.yaml");
    addEngineOption(command);
    addExamples(command, [
      "dnd recover --backup latest --reason 'SEV1: characters are mixed up'",
      "dnd recover --backup 20261121T030000Z-7f3a --stack production",
      "dnd recover --stack production",
      "dnd recover --from-nothing --store s3://dnd-backups --identity recovery.key --stack production",
    ]);
  },
  perform(options, terminal) {
    const { recover } = require("../recover") as typeof import("../recover");
    return recover(options, terminal);
  },
};
