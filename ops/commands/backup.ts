import { Option } from "commander";
import { takeActions } from "../actions";
import { actions, requireFitting, type ActionName, type BackupOptions } from "../backup";
import { addExamples, collected, type CommandModule } from "../command";

const help: Record<ActionName, string> = {
  create: "take an archive and read it again before it counts as one",
  copy: "make the copies that other stores lack: of one archive, or of all",
  list: "the good archives, and what the catalog knows otherwise",
  show: "everything that is known of one",
  verify: "read it again to its last byte; with --restore-test restore and compare it",
  restore: "put it into a database",
  undo: "put back what the last restore replaced",
  confirm: "drop the old collections that restores kept",
  prune: "delete what retention no longer keeps, or with --dry-run say why",
  rekey: "let others read an encrypted one, and nobody else",
  hold: "keep it, whatever retention says",
  "release-hold": "leave it to retention again",
};

export const { define, perform }: CommandModule<BackupOptions> = {
  define(command) {
    takeActions(command, help, {
      key: "id",
      help: "an archive: its id, a path, an s3:// address, or `latest`; restore: `-` is standard input",
    })
      .option("--uri <uri>", "a database that no stack describes; with a password better in MONGODB_URI")
      .option("--db <name>", "its name; MONGODB_DB_NAME unless given")
      .option(
        "--store <place>",
        "a folder or an s3:// address; the stack's unless given; repeated: further stores, which have copies",
        collected,
      )
      .option("--to <store>", "copy: into this store alone")
      .option("--check", "list: end with 1 where stores and catalog differ in anything")
      .option("--environment <name>", "of which environment; the stack's unless given")
      .addOption(
        new Option("--preset <preset>", "create: how it is compressed").choices([
          "default",
          "small",
          "fast",
          "none",
        ]),
      )
      .option("--strict", "create: refuse what is not of one moment")
      .option("--limit-rate <rate>", "create: read at most so much in a second, such as 20M")
      .option("--users-and-roles", "create, restore: those of the database, too")
      .option("--restore-test", "create, verify: restore it into a database of its own and compare")
      .option("--server <uri>", "the restore test: on this server, not on one of its own")
      .option("--to-db <name>", "restore, undo, confirm: this database")
      .option(
        "--ns-include <pattern>",
        "restore: only these, such as tracker.heroes; may be repeated",
        collected,
      )
      .option("--ns-exclude <pattern>", "restore: all but these; may be repeated", collected)
      .option("--ns-from <pattern>", "restore: under another name, with --ns-to; may be repeated", collected)
      .option("--ns-to <pattern>", "restore: the name for what --ns-from matches; may be repeated", collected)
      .option("--anonymise <rules.json>", "restore: replace what must not be in a copy")
      .option("--allow-older <reason>", "restore: into an older server than the archive is of")
      .option("--dry-run", "restore, prune: look and say what would be done")
      .option("--drop", "restore: drop first what stands in the database; asks before")
      .option("--force", "restore: the same without being asked")
      .option("--days <n>", "prune: everything younger stays; the stack's retention unless given", Number)
      .option("--keep-last <n>", "prune: the newest so many stay, however old", Number)
      .option("--daily <n>", "prune: so does the newest of each of so many days", Number)
      .option("--weekly <n>", "prune: of so many weeks", Number)
      .option("--monthly <n>", "prune: of so many months", Number)
      .option("--releases <n>", "prune: those of so many newest releases", Number)
      .option(
        "--recipient <key>",
        "create, rekey: a public key of age that may read it; may be repeated",
        collected,
      )
      .option(
        "--passphrase",
        "create, verify, restore: with a passphrase alone, from DND_BACKUP_PASSPHRASE_FILE, DND_BACKUP_PASSPHRASE or typed",
      )
      .option("--reason <text>", "hold: why");
    addExamples(command, [
      "dnd backup create",
      "dnd backup list --stack production --json",
      "dnd backup copy --to s3://archives-offsite/tracker",
      "dnd backup verify latest --restore-test",
      "dnd backup restore latest --to-db tracker-copy",
      "dnd backup prune --dry-run",
      "dnd backup restore /tmp/mongodb-backups/backup-staging-latest.gz --dry-run",
    ]);
  },
  async perform(options, terminal) {
    requireFitting(options);
    return actions[options.action](options, terminal);
  },
};
