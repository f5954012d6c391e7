import { chmod, mkdir, readFile, stat } from "node:fs/promises";
import { OperatorError, Secret, projectRoot } from "../../infra/support";
import type { StackPlace } from "../engine";
import { glanceAtCheckpoint } from "./checkpoint";
import { onDisk } from "./disk-errors";
import { ensurePassphrase } from "./passphrase";
import { localPlaces, localStackName, type LocalPlaces } from "./places";
import { takeOverSettings } from "./settings-file";

/** Makes what the local stack needs before its first operation, and mends what a killed run left half-done. */
export async function ensureLocalStack(): Promise<StackPlace> {
  const places = localPlaces();
  await onDisk(places.folder, () => ensureFolders(places));
  const glance = await glanceAtCheckpoint(places);
  if (!glance.readable) throw unreadableState(places);
  await onDisk(places.passphrase, () => ensurePassphrase(places.passphrase, glance.salt !== undefined));
  await onDisk(places.settings, () => takeOverSettings(places, glance.salt));
  const place = localPlace();
  if (!glance.exists) await createState(place, places);
  return place;
}

/** Where the local stack is, whether or not it exists. */
export function localPlace(): StackPlace {
  const places = localPlaces();
  return {
    stack: localStackName,
    projectDir: projectRoot,
    backendUrl: places.backendUrl,
    passphraseFile: places.passphrase,
    configFile: places.settings,
  };
}

/** Private to their owner: the state, the passphrase and the data are in there. */
async function ensureFolders(places: LocalPlaces): Promise<void> {
  for (const folder of [places.folder, places.state]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (((await stat(folder)).mode & 0o077) !== 0) await chmod(folder, 0o700);
  }
}

async function createState(place: StackPlace, places: LocalPlaces): Promise<void> {
  const { initStack, readProject } =
    require("../../embedded/pulumi/state") as typeof import("../../embedded/pulumi/state");
  const passphrase = new Secret((await readFile(places.passphrase, "utf8")).trim());
  await onDisk(places.state, () =>
    initStack({
      project: readProject(place.projectDir),
      stack: place.stack,
      backendUrl: places.backendUrl,
      passphrase,
      configFile: places.settings,
    }),
  );
}

function unreadableState(places: LocalPlaces): OperatorError {
  return new OperatorError({
    code: "local-state-unreadable",
    message: `${places.checkpoint} is no state of Pulumi's`,
    remedy: `Copy ${places.checkpoint}.bak or the newest file below ${places.state}/.pulumi/backups over it.`,
  });
}
