import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Whether `node_modules` is what the lock file says, by a stamp that is only written after a whole install. */
export function isInstalled(root) {
  const stamp = join(root, "node_modules", ".dnd-stamp");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wantedStamp(root)) return true;
  if (!installedByHand(root)) return false;
  stampInstall(root);
  return true;
}

/** Notes that everything is installed. */
export function stampInstall(root) {
  writeFileSync(join(root, "node_modules", ".dnd-stamp"), wantedStamp(root));
}

/** Packages of the lock file, each with the folder it is installed in. */
export function lockedPackages(root) {
  return Object.entries(readPackages(join(root, "package-lock.json"))).filter(([folder]) => folder !== "");
}

function wantedStamp(root) {
  const lock = readFileSync(join(root, "package-lock.json"));
  const node = process.versions.node.split(".")[0];
  return createHash("sha256")
    .update(lock)
    .update(`${node} ${process.platform} ${process.arch}`)
    .digest("hex");
}

/** npm writes its own list at the end of an install: one that is whole and of these versions needs no other. */
function installedByHand(root) {
  const list = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(list)) return false;
  const installed = readPackages(list);
  return lockedPackages(root).every(
    ([folder, wanted]) =>
      wanted.optional || wanted.devOptional || installed[folder]?.version === wanted.version,
  );
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages ?? {};
  } catch {
    return {};
  }
}
