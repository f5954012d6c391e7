import { existsSync } from "node:fs";
import { readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { OperatorError } from "../../../infra/support";
import { parseCheckpoint } from "./checkpoint";
import { CheckpointWriter } from "./checkpoint-writer";
import {
  checkpointFile,
  historyFolder,
  metaFile,
  placeOf,
  refuseForeignLayout,
  stacksFolder,
  type StackPlace,
} from "./location";
import { lockStack } from "./lock";
import type { StackOptions } from "./open-stack";
import { newSalt, PassphraseSecrets } from "./passphrase";
import { KnownCiphertexts } from "./secret-values";
import { readStackConfig } from "./stack-config";
import { keepBackup, replaceFile, writeDescribed } from "./state-file";
import { refusal, usageError } from "./errors";

/** Makes a new, empty stack, and a salt in its settings file where it has none. */
export async function initStack(options: StackOptions): Promise<void> {
  const place = placeOf(options.backendUrl, options.project.name, options.stack);
  refuseForeignLayout(place);
  const lock = await lockStack(place, "creating the stack");
  try {
    if (existsSync(checkpointFile(place))) throw alreadyThere(place);
    if (!existsSync(metaFile(place))) await writeDescribed(metaFile(place), "version: 1\n");
    const settings = readStackConfig(options.project, place.stack, options.configFile);
    const salt = settings.encryptionSalt ?? (await newSalt(options.passphrase));
    const secrets = new PassphraseSecrets(salt, options.passphrase, place.stack);
    const frame = { metadata: {}, features: [] };
    const writer = new CheckpointWriter(place, secrets, new KnownCiphertexts(), frame);
    // The salt first: a state whose settings lack it could not be decrypted by anyone.
    if (!settings.encryptionSalt) await writeSalt(settings.file, salt);
    await writer.write({ resources: [], pendingOperations: [] }, { durable: true });
  } finally {
    await lock.release();
  }
}

/** Whether the stack has a state. */
export function stackExists(options: Pick<StackOptions, "project" | "stack" | "backendUrl">): boolean {
  return existsSync(checkpointFile(placeOf(options.backendUrl, options.project.name, options.stack)));
}

/** Puts the salt at the head of the file and leaves all else in it as people wrote it. */
async function writeSalt(file: string, salt: string): Promise<void> {
  const document = parseDocument(existsSync(file) ? await readFile(file, "utf8") : "{}");
  document.set("encryptionsalt", salt);
  await replaceFile(file, document.toString({ lineWidth: 0 }), true);
}

/** Removes a stack that has no resources any more; `force` removes it with whatever it still names. */
export async function removeStack(
  options: Pick<StackOptions, "project" | "stack" | "backendUrl"> & { force?: boolean },
): Promise<void> {
  const place = placeOf(options.backendUrl, options.project.name, options.stack);
  refuseForeignLayout(place);
  const lock = await lockStack(place, "removing the stack");
  try {
    const file = checkpointFile(place);
    if (!options.force) await refuseIfInUse(file, place);
    // The last state stays as .bak, and so do the backups: nothing but the stack's name is given up.
    await keepBackup(file);
    const own = [`${place.stack}.json`, `${place.stack}.json.attrs`, `${place.stack}.pulumi-tags`];
    await removeAll(stacksFolder(place), (name) => own.includes(name));
    await removeAll(historyFolder(place), () => true);
  } finally {
    await lock.release();
  }
}

async function refuseIfInUse(file: string, place: StackPlace): Promise<void> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return;
  const left = parseCheckpoint(text, file).resources.filter((state) => state.type !== "pulumi:pulumi:Stack");
  if (left.length === 0) return;
  throw refusal(
    "stack-not-empty",
    `stack ${place.stack} still has ${left.length} resources`,
    "Run `dnd destroy` first.",
  );
}

async function removeAll(folder: string, which: (name: string) => boolean): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  await Promise.all(names.filter(which).map((name) => rm(join(folder, name), { force: true })));
}

function alreadyThere(place: StackPlace): OperatorError {
  return usageError(
    "stack-exists",
    `stack ${place.stack} of project ${place.project} exists already in ${place.folder}`,
    "Use it, or choose another name.",
  );
}
