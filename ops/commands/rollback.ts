import { takeActions } from "../actions";
import { addExamples, type CommandModule } from "../command";
import { addEngineOption } from "../operations";
import { performRollback, requireFitting, type ActionName, type RollbackOptions } from "../rollback";

const help: Record<ActionName, string> = {
  auto: "what the decision matrix says of the app that runs now, and why",
  app: "the image alone, to the last good one",
  migration: "the newest migration, or --steps of them; --to: those later than release N",
  database: "the data, from the newest archive or --backup",
  full: "image and schema; with --backup the data too",
  quarantine: "list the images that no release deploys",
  "release-image": "let the image DIGEST be deployed again",
};

/** With the words of the guides. */
interface GivenOptions extends RollbackOptions {
  backupId?: string;
  environment?: string;
}

export const { define, perform }: CommandModule<RollbackOptions> = {
  define(command) {
    takeActions(command, help, { key: "digest", help: "of `release-image`: which image, or its beginning" })
      .option("--to <n>", "the release whose state comes back; the last good one unless given", Number)
      .option("--steps <n>", "migration: how many of the newest; 1 unless given", Number)
      .option("--backup <id>", "the archive that data comes back from, or `latest` for the one that fits")
      .option("--backup-id <id>", "the same")
      .option("--environment <name>", "development, staging or production: the same as --stack")
      .option("--reason <text>", "stays in the journal of releases")
      .option("--dry-run", "show the plan and do nothing; exit code 3 where something stands in its way")
      .option("--config-file <file>", "the stack's settings, where not in Pulumi.<stack>.yaml")
      .option("--uri <uri>", "quarantine, release-image: a database that no stack describes")
      .option("--db <name>", "its name; MONGODB_DB_NAME unless given");
    addEngineOption(command);
    addExamples(command, [
      "dnd rollback app --dry-run",
      'dnd rollback auto --stack production --reason "SEV1: logins fail" --yes',
      "dnd rollback full --to 12 --backup latest",
      "dnd rollback migration --steps 2",
      "dnd rollback release-image sha256:3f2a",
    ]);
  },
  async perform({ backupId, environment, ...options }: GivenOptions, terminal) {
    const given: RollbackOptions = {
      ...options,
      ...(backupId !== undefined && { backup: backupId }),
      ...(environment !== undefined && { stack: environment === "development" ? "local" : environment }),
    };
    requireFitting(given);
    return performRollback(given, terminal);
  },
};
