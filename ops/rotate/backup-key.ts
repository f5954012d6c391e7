import { archiveReaders } from "../../stacks/settings";
import { OperatorError } from "../../infra/support";
import { usageOf } from "../actions";
import { engine } from "../backup";
import { ask } from "../rounds/asked";
import type { RotateContext, Rotator } from "./context";
import { beginRotation, dropRotation, endRotation } from "./journal";

/** Who can read the archives: old readers and new ones first, then the new ones alone. */
export const backupKey: Rotator = {
  async begin(context) {
    const { recipients, ops, open, settings } = context;
    if (recipients.length === 0)
      throw usageOf("ops")("`rotate backup-key` wants --recipient, once for each new reader");
    const wanted = recipients.join(",");
    if (open && open.detail.recipients !== wanted) await dropRotation(ops, open);
    if (open?.detail.recipients !== wanted)
      await beginRotation(ops, { secret: "backup-key", detail: { recipients: wanted } });
    const both = [...new Set([...archiveReaders(settings), ...recipients])];
    const ids = await rekeyAll(context, both);
    return {
      state: "overlap",
      done: `${ids.length} archives can be read by ${both.join(", ")}`,
      next: `Set backup.recipients to ${recipients.join(", ")}, prove that the new key opens one (\`dnd backup verify latest\` with it in DND_BACKUP_IDENTITY), then add --finish.`,
    };
  },
  async finish(context) {
    const { open, ops, settings } = context;
    const wanted = String(open.detail.recipients).split(",");
    const missing = wanted.filter((one) => !archiveReaders(settings).includes(one));
    if (missing.length > 0) throw notSet(missing);
    await requireNewKey(wanted);
    const readers = archiveReaders(settings);
    const ids = await rekeyAll(context, readers);
    await provenByNew(context, ids[0]);
    await endRotation(ops, open);
    return {
      state: "done",
      done: `${ids.length} archives can be read by ${readers.join(", ")} alone`,
      next: "Destroy the old key where it is kept.",
    };
  },
};

/** Nobody is left out before somebody has shown a private key that opens what the new readers alone can open. */
async function requireNewKey(wanted: readonly string[]): Promise<void> {
  const own = await engine().recipientsOf(await engine().readKeys(process.env));
  if (!wanted.some((one) => own.includes(one))) throw keyNotShown(wanted);
}

/** A header each, whose data stays: given to the same readers again it says the same. */
async function rekeyAll(
  { settings, stack, terminal }: RotateContext,
  readers: readonly string[],
): Promise<string[]> {
  const { settingsWithStore } = require("../stack-store") as typeof import("../stack-store");
  const { store } = (await settingsWithStore(stack)).backup;
  const archives = await engine().listArchives(store, { environment: settings.environment });
  const encrypted: string[] = [];
  for (const { id } of archives)
    if ((await engine().describeArchive(store, id)).manifest.encryption !== null) encrypted.push(id);
  for (const id of encrypted) {
    const argv = ["rekey", id, "--stack", stack, "--yes", ...readers.flatMap((one) => ["--recipient", one])];
    const { code, complaint } = await ask({ name: "backup", argv }, terminal);
    if (code !== 0) throw notRekeyed(id, complaint || `it ended with code ${code}`);
  }
  return encrypted;
}

/** The key that was shown opens what it is to open. */
async function provenByNew({ stack, terminal }: RotateContext, id: string | undefined): Promise<void> {
  if (id === undefined) return;
  const { code, complaint } = await ask({ name: "backup", argv: ["verify", id, "--stack", stack] }, terminal);
  if (code !== 0) throw notRekeyed(id, complaint || "it cannot be read with the key of this environment");
}

function notSet(missing: readonly string[]): OperatorError {
  return new OperatorError({
    code: "rotation-not-in-use",
    kind: "refused",
    message: `new archives would not be for ${missing.join(", ")}`,
    remedy: "Set backup.recipients to the new readers first; until then both keys work.",
  });
}

function keyNotShown(wanted: readonly string[]): OperatorError {
  return new OperatorError({
    code: "rotation-key-not-shown",
    kind: "refused",
    message: `this environment has no private key of ${wanted.join(", ")}: nobody has shown that there is one`,
    remedy: "Give it in DND_BACKUP_IDENTITY_FILE or DND_BACKUP_IDENTITY; until then both keys work.",
  });
}

function notRekeyed(id: string, why: string): OperatorError {
  return new OperatorError({
    code: "rotation-not-proven",
    message: `${id} was not given to the new readers: ${why}`,
    remedy: "Whoever could read an archive before still can. Mend that and run the same command again.",
  });
}
