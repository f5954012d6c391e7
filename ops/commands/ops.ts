import { takeActions } from "../actions";
import { addExamples, collected, type CommandModule } from "../command";
import { actions, requireFitting, type ActionName, type OpsOptions } from "../runbook";

const help: Record<ActionName, string> = {
  daily: "is all well: app, database, schema, archives, alerts",
  weekly: "test backup, restore dry run, figures as CSV, targets, retention, care of the database",
  monthly: "packages, ages of credentials, access log, settings audit, full restore test",
  quarterly: "thresholds against the alerts that fired",
  yearly: "the disaster drill",
  indexes: "usage, duplicates, missing ones, sizes, slow queries; --rebuild builds one anew",
  cleanup: "what nobody needs any more, as a plan; --apply removes it",
  rotate: "change a secret with an overlap in which both work: database, fly, backup-key, webhooks",
};

export const { define, perform }: CommandModule<OpsOptions> = {
  define(command) {
    takeActions(command, help, { key: "secret", help: "of `rotate`: which one" })
      .option("--uri <uri>", "a database that no stack describes; with a password better in MONGODB_URI")
      .option("--db <name>", "its name; MONGODB_DB_NAME unless given")
      .option("--store <place>", "a folder or an s3:// address; the stack's unless given", collected)
      .option("--reports <folder>", "rounds, cleanup: where reports lie; reports/ below .dnd/ unless given")
      .option("--with <stack>", "rounds: a further stack to look at; staging beside production", collected)
      .option("--again", "rounds: begin anew, not where a run of today was ended")
      .option("--rebuild <index>", "indexes: build this one anew, as INDEX or COLLECTION.INDEX")
      .option("--apply", "cleanup: remove what the plan shows")
      .option("--finish", "rotate: end the overlap; what was in use before works no longer")
      .option("--recipient <key>", "rotate backup-key: a reader from now on, once for each", collected)
      .option("--channel <type>", "rotate webhooks: slack, webhook or pagerduty")
      .addHelpText("after", "\nExit code 1: a person has something to do; the report says what.");
    addExamples(command, [
      "dnd ops daily",
      "dnd ops daily --stack production --reports /var/reports --json",
      "dnd ops indexes --rebuild heroes.hp_1",
      "dnd ops cleanup --apply --yes",
      "dnd ops rotate database --stack staging",
    ]);
  },
  async perform(options, terminal) {
    requireFitting(options);
    return actions[options.action](options, terminal);
  },
};
