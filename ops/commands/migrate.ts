import { Option } from "commander";
import { takeActions } from "../actions";
import { addExamples, type CommandModule } from "../command";
import { actions, requireFitting, type ActionName, type MigrateOptions } from "../migrate";

const help: Record<ActionName, string> = {
  status: "every migration and what became of it",
  validate: "check the files without a database: names, exports, risks",
  plan: "what would run, each with its estimate and what cannot be undone",
  up: "run what is pending",
  down: "take the newest ones back",
  to: "go to the version NAME from either side, `none` takes all back",
  new: "make a file for a migration called NAME",
  repair: "accept files that were changed after they were applied",
  adopt: "take over the changelog of migrate-mongo or ts-migrate-mongoose",
  unlock: "show who holds the lock, and take it from them",
};

export const { define, perform }: CommandModule<MigrateOptions> = {
  define(command) {
    takeActions(command, help, { key: "name", help: "of `new` the name, of `to` the version" })
      .option(
        "--uri <uri>",
        "a database that no stack describes, with user and password where it asks for them",
      )
      .option("--db <name>", "its name; MONGODB_DB_NAME unless given")
      .option("--folder <dir>", "another folder of migrations than the stack's")
      .option("--to <version>", "up: none later than this one")
      .option("--only <version>", "up: this one alone, when what it depends on is applied")
      .addOption(new Option("--phase <phase>", "up: only this phase").choices(["expand", "contract", "all"]))
      .option("--steps <n>", "down: how many", wholeNumber)
      .option("--dry-run", "up, adopt: change nothing; `up` really runs them on a database of its own")
      .option("--on-live", "up --dry-run: on the live database, in a transaction that is aborted")
      .option(
        "--store <place>",
        "up --dry-run: fill the database from the newest archive there; --on-failure restore: take the archive there",
      )
      .addOption(
        new Option("--on-failure <policy>", "up: what becomes of this run's earlier ones").choices([
          "stop",
          "revert-run",
          "restore",
        ]),
      )
      .option("--wait <duration>", "how long to wait for another run's lock; 60s unless given")
      .option("--migration <version>", "up, repair: this one alone")
      .option("--reason <text>", "repair: stays in the journal")
      .option("--require-down", "validate: each one must have a way back")
      .addOption(
        new Option("--from <tool>", "adopt: whose changelog").choices([
          "migrate-mongo",
          "ts-migrate-mongoose",
        ]),
      )
      .option("--collection <name>", "adopt: where it lies");
    addExamples(command, [
      "dnd migrate status",
      "dnd migrate up --dry-run --stack staging",
      "dnd migrate down --steps 1 --yes",
      'dnd migrate new "gather hit points"',
      "dnd migrate status --uri mongodb://127.0.0.1:27017 --db tracker --json",
    ]);
  },
  async perform(options, terminal) {
    requireFitting(options);
    return actions[options.action](options, terminal);
  },
};

function wholeNumber(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
