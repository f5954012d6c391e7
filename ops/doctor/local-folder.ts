import { readFile, stat, statfs } from "node:fs/promises";
import { formatSize } from "../../infra/support";
import type { LocalPlaces } from "../local-stack";
import { glanceAtCheckpoint } from "../local-stack";
import { missing, ok, warning, type Finding } from "./finding";

const neededBytes = 1_000_000_000;

/** The folder of the local stack: whose it is, how much room it has, and whether its state can be used. */
export async function examineLocalFolder(places: LocalPlaces): Promise<Finding[]> {
  const space = await examineSpace(places.folder);
  const mode = await modeOf(places.folder);
  if (mode === undefined) return [space, ok("local stack", "not made yet: `npm start` makes it")];
  const found = [
    space,
    examineMode("local folder", places.folder, mode),
    await examineState(places),
    await examinePassphrase(places),
    await examineLock(places),
  ];
  return found.filter((finding) => finding !== undefined);
}

async function examineSpace(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder).catch(() => statfs("."));
  const free = bavail * bsize;
  if (free >= neededBytes) return ok("disk space", `${formatSize(free)} free`);
  return warning("disk space", `${formatSize(free)} free`, "A local stack needs about 1 GB: free some.");
}

function examineMode(what: string, path: string, mode: number): Finding {
  if ((mode & 0o077) === 0) return ok(what, path);
  return warning(what, `${path} can be read by others`, `chmod go-rwx ${path}`);
}

async function examineState(places: LocalPlaces): Promise<Finding> {
  const { exists, readable, resources } = await glanceAtCheckpoint(places);
  if (!exists) return ok("state", "empty: nothing is deployed");
  if (readable) return ok("state", `${resources} resources`);
  return missing(
    "state",
    `${places.checkpoint} is no state of Pulumi's`,
    `Copy ${places.checkpoint}.bak over it.`,
  );
}

async function examinePassphrase(places: LocalPlaces): Promise<Finding> {
  const text = await readFile(places.passphrase, "utf8").catch(() => "");
  const mode = await modeOf(places.passphrase);
  const { salt } = await glanceAtCheckpoint(places);
  if (text.trim() !== "" && mode !== undefined) return examineMode("passphrase", places.passphrase, mode);
  if (salt === undefined) return ok("passphrase", "none yet: the next `up` makes it");
  return missing(
    "passphrase",
    `${places.passphrase} is lost`,
    "Put it back, or `npm stop -- --purge` and start anew.",
  );
}

async function examineLock({ backendUrl }: LocalPlaces): Promise<Finding | undefined> {
  const { placeOf, readLocks } =
    require("../../embedded/pulumi/state") as typeof import("../../embedded/pulumi/state");
  const [holder] = await readLocks(placeOf(backendUrl, "dnd-tracker", "local"));
  if (!holder) return ok("state lock", "free");
  const found = `held by process ${holder.pid} on ${holder.hostname} since ${holder.timestamp}`;
  if (holder.alive === false)
    return missing("state lock", `${found}, which is dead`, "`dnd cancel` removes it.");
  return warning("state lock", found, "Wait for that operation to end.");
}

async function modeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.mode;
}
