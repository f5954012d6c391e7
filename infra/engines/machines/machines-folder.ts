import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { OperatorError, localFolder, messageOf } from "../../support";

/** The folder where machines and their updates are written down, made when it is not there. */
export async function openMachinesFolder(): Promise<string> {
  const folder = localFolder("machines");
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return folder;
  } catch (error) {
    throw new OperatorError({
      code: "machines-folder-unusable",
      message: `the machines cannot be written down in ${folder}: ${messageOf(error)}`,
      remedy:
        "Make room on the disk, or make it a folder that this user may write, then run the command again.",
      cause: error,
    });
  }
}
