import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { describeArchive, listDescribed, readKeys, requireRestorable } from "../../infra/engines/backup";
import { baseEnvironment, type BaseArchive } from "../../infra/engines/release";
import type { Settings } from "../../stacks/settings";
import { confirmIn } from "../confirm-in";
import { chooseEngine, exitCodeOf, Interruption } from "../engine";
import { toldOfBegunCluster } from "../operations";
import { resolvePlace } from "../stack-place";
import { settingsNamed } from "../stack-settings";
import { runUp } from "../run-up";
import { printResult, type Terminal } from "../terminal";
import { noArchive } from "./errors";
import { toldOfKeptBuckets } from "./kept-buckets";
import type { RecoverOptions } from "./options";
import { restoredAlready } from "./restored-already";

/** From empty accounts, the store and the recovery key to an environment that serves: its first release begins with the archive. */
export async function recoverFromNothing(options: RecoverOptions, terminal: Terminal): Promise<number> {
  const interruption = new Interruption(terminal.say);
  const started = performance.now();
  const { signal } = interruption;
  try {
    const { stack, configFile, identity } = options;
    if (identity !== undefined) process.env.DND_BACKUP_IDENTITY_FILE = resolve(identity);
    const settings = await settingsNamed({ stack, configFile });
    const archive = await chosenArchive(options, settings, signal);
    const { engine, note } = await chooseEngine(options.engine, interruption.kill);
    if (note) terminal.say(note);
    const place = await resolvePlace({ stack, ...(configFile !== undefined && { configFile }) });
    const begins = beginningWith(archive, await restoredAlready(options, engine, place));
    const looking = { settings, signal, say: terminal.say };
    const kept = await toldOfKeptBuckets({ ...looking, store: archive.store });
    const danger = {
      action: `bring up everything from ${archive.archive}`,
      loss: "A whole environment is made, which costs what it costs.",
    };
    await confirmIn(settings.environment, options, danger, terminal, signal);
    await engine.ensureStack(place);
    const begun = await toldOfBegunCluster({ ...looking, engine, place });
    const message = `recovery from nothing, with ${archive.archive}`;
    const env = { ...begins, ...kept, ...begun };
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

/** What the program is told of its first data, unless a run that was cut off has brought it already. */
function beginningWith(archive: Omit<BaseArchive, "key">, restored: boolean): Record<string, string> {
  return restored ? {} : baseEnvironment({ ...archive, key: randomUUID() });
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
