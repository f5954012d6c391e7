import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { describeArchive, listDescribed, readKeys, requireRestorable } from "../../infra/engines/backup";
import { baseEnvironment, newestRelease, type BaseArchive } from "../../infra/engines/release";
import type { RestoreOnce } from "../../infra/engines/release";
import { OperatorError } from "../../infra/support";
import type { Settings } from "../../stacks/settings";
import { confirmIn } from "../confirm-in";
import { chooseEngine, exitCodeOf, Interruption } from "../engine";
import { atOperations } from "../operations-database";
import { resolvePlace } from "../stack-place";
import { settingsNamed } from "../stack-settings";
import { runUp } from "../run-up";
import { printResult, type Terminal } from "../terminal";
import { alreadyServes, noArchive } from "./errors";
import type { RecoverOptions } from "./options";

/** From empty accounts, the store and the recovery key to an environment that serves: its first release begins with the archive. */
export async function recoverFromNothing(options: RecoverOptions, terminal: Terminal): Promise<number> {
  const interruption = new Interruption(terminal.say);
  const started = performance.now();
  try {
    const { stack, configFile, identity } = options;
    if (identity !== undefined) process.env.DND_BACKUP_IDENTITY_FILE = resolve(identity);
    const settings = await settingsNamed({ stack, configFile });
    const archive = await chosenArchive(options, settings, interruption.signal);
    const base = (await isRestored(options)) ? null : { ...archive, key: randomUUID() };
    const danger = {
      action: `bring up everything from ${archive.archive}`,
      loss: "A whole environment is made, which costs what it costs.",
    };
    await confirmIn(settings.environment, options, danger, terminal, interruption.signal);
    const { engine, note } = await chooseEngine(options.engine, interruption.kill);
    if (note) terminal.say(note);
    await engine.ensureStack(await resolvePlace({ stack, ...(configFile !== undefined && { configFile }) }));
    const env = base ? baseEnvironment(base) : {};
    const message = `recovery from nothing, with ${archive.archive}`;
    const result = await runUp({ stack, configFile, engine, interruption, terminal, message, env });
    const minutes = Math.round((performance.now() - started) / 6000) / 10;
    const done = result.result === "succeeded";
    printResult(terminal, { archive: archive.archive, store: archive.store, result, minutes }, () =>
      done
        ? `everything is back from ${archive.archive} in ${minutes} minutes: ${String(result.outputs.url ?? "")}`
        : "not everything is back yet: the same command goes on",
    );
    return exitCodeOf(result, interruption.told);
  } finally {
    interruption.release();
  }
}

/** The newest good archive of the environment, or the one that was named; it can be opened before anything is made. */
async function chosenArchive(
  { store = "", backup }: RecoverOptions,
  { database, environment }: Settings,
  signal: AbortSignal,
): Promise<Omit<BaseArchive, "key">> {
  const place = /^\w+:\/\//.test(store) ? store : resolve(store);
  const named = backup === undefined || backup === "latest" ? undefined : backup;
  const listed =
    named === undefined ? await listDescribed(place, { database: database.name, environment }) : [];
  const good = listed.find(({ verifications }) => verifications.at(-1)?.ok !== false);
  // An archive of another environment is meant by whoever names it.
  const archive = named ? (await describeArchive(place, named)).manifest.id : good?.id;
  if (archive === undefined) throw noArchive(store, `${database.name} in ${environment}`);
  await requireRestorable({ store: place, id: archive, keys: await readKeys(process.env), signal });
  return { documentVersion: 1, archive, store: place };
}

/** Whether an earlier run has brought the data back already; a stack that serves is not nothing. */
async function isRestored(options: RecoverOptions): Promise<boolean> {
  try {
    return await atOperations(options, async ({ ops }) => {
      const newest = await newestRelease(ops);
      if (!newest) return false;
      if (newest.state === "done") throw alreadyServes(options.stack, newest._id);
      const keys = await ops.collection<RestoreOnce>("oneTimeKeys").find({}).toArray();
      const restored = newest.steps.some(({ name, outcome }) => name === "restore" && outcome === "done");
      return restored && keys.some(({ release, purpose }) => purpose === "restore" && release === newest._id);
    });
  } catch (error) {
    const nothing = error instanceof OperatorError && nothingThere.has(error.code);
    if (!nothing) throw error;
    return false;
  }
}

/** How a stack looks that there is nothing of yet. */
const nothingThere = new Set(["no-database", "stack-missing", "usage"]);
