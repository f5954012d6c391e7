import { beat } from "../../infra/engines/monitoring";
import { act, note, ok, type Finding } from "../../infra/engines/rounds";
import { formatSize } from "../../infra/support";
import { ask, type Asked } from "./asked";
import type { RoundContext, RoundStep } from "./step";

/** An archive is made, and every byte of it read again. */
export const trialBackup: RoundStep = {
  name: "test backup",
  title: "A test backup and its verification",
  async look(context) {
    const made = await backup(context, ["create"]);
    if (made.complaint !== "" || made.code !== 0)
      return [
        act(context.trial, `no archive could be made: ${why(made)}`, "`dnd doctor` looks at store and keys."),
      ];
    const { id, bytes } = archiveIn(made);
    const verified = await backup(context, ["verify", id]);
    if (verified.complaint !== "" || verified.code !== 0)
      return [act(id, `is not whole: ${why(verified)}`, `\`dnd backup verify ${id}\` names what is wrong.`)];
    return [ok(id, `made and read again to its last byte, ${formatSize(bytes)}`)];
  },
};

/** What a restore of the newest archive would do, without doing it. */
export const restoreDryRun: RoundStep = {
  name: "restore dry run",
  title: "The way back, without going it",
  async look(context) {
    const asked = await backup(context, ["restore", "latest", "--dry-run"]);
    if (asked.complaint !== "" || asked.code !== 0)
      return [act("restore", why(asked), "`dnd backup restore latest --dry-run` shows it again.")];
    return [ok("restore", "the newest archive could be restored")];
  },
};

/** What retention no longer keeps; it is shown here and deleted by `dnd ops cleanup --apply`. */
export const retention: RoundStep = {
  name: "retention",
  title: "Archives by retention",
  async look(context) {
    const asked = await backup(context, ["prune", "--dry-run"]);
    if (asked.complaint !== "" || asked.code !== 0)
      return [act("retention", why(asked), "`dnd backup prune --dry-run` shows it again.")];
    const archives = Array.isArray(asked.document.archives) ? asked.document.archives : [];
    const gone = archives.filter(({ outcome }: { outcome?: string }) => outcome === "would-delete").length;
    return [
      gone === 0
        ? ok("retention", `all ${archives.length} archives are kept`)
        : note(
            "retention",
            `${gone} of ${archives.length} archives are no longer kept`,
            "`dnd ops cleanup --apply` deletes them.",
          ),
    ];
  },
};

/** The newest archive of the round's own stack, restored on a server of its own on this computer and compared. */
export const restoreTest: RoundStep = {
  name: "restore test",
  title: "The newest archive, restored and compared",
  async look(context): Promise<Finding[]> {
    const argv = ["verify", "latest", "--restore-test", "--stack", context.options.stack, ...context.named];
    const asked = await ask({ name: "backup", argv }, context.terminal);
    const misfits = Array.isArray(asked.document.misfits) ? asked.document.misfits.map(String) : [];
    if (misfits.length > 0) return misfits.map((misfit) => corrupt(archiveIn(asked).id, misfit));
    if (asked.complaint !== "" || asked.code !== 0)
      return [
        act(
          "restore test",
          why(asked),
          "Until it passes the newest archive may be no way back: find the newest good one with `dnd backup list`, and make a new one.",
        ),
      ];
    const { id } = archiveIn(asked);
    await context.withOps((ops) => beat(ops, "restore-test", id)).catch(() => undefined);
    return [ok("restore test", `${id} was restored on a server of its own, and every document is as it was`)];
  },
};

function corrupt(id: string, misfit: string): Finding {
  return act(
    "restore test",
    `${id} gives back what was damaged before it was taken: ${misfit}, against the collection's validator`,
    "`dnd incident start --kind corruption` leads the way back; the archives from before are in `dnd backup list`.",
  );
}

function backup({ trial, named, terminal }: RoundContext, words: string[]): Promise<Asked> {
  return ask({ name: "backup", argv: [...words, "--stack", trial, ...named] }, terminal);
}

function archiveIn({ document }: Asked): { id: string; bytes: number } {
  const archive = (document.archive ?? document) as { id?: unknown; bytes?: unknown };
  return { id: String(archive.id ?? "latest"), bytes: Number(archive.bytes ?? 0) };
}

function why({ complaint, code }: Asked): string {
  return complaint === "" ? `it ended with code ${code}` : complaint;
}
