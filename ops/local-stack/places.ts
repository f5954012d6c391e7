import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { localFolder, projectRoot } from "../../infra/support";

export const localStackName = "local";
const project = "dnd-tracker";

const names = [
  "state",
  "passphrase",
  `Pulumi.${localStackName}.yaml`,
  `Pulumi.${localStackName}.taken-over.yaml`,
  "mongo",
  "machines",
  "images",
  "backups",
  "audit",
  "alerts",
  "incidents",
  "reports",
  "drill",
  "drills",
  "restore-test",
  "restore-test.lock",
  "start.lock",
  "install.lock",
];

/** Every file of the local stack that the command line itself reads or writes. */
export function localPlaces() {
  const state = localFolder("state");
  return {
    folder: localFolder(),
    state,
    backendUrl: pathToFileURL(state).href,
    checkpoint: join(state, ".pulumi", "stacks", project, `${localStackName}.json`),
    passphrase: localFolder("passphrase"),
    /** The settings in force, with the salt. */
    settings: localFolder(`Pulumi.${localStackName}.yaml`),
    /** The committed settings as they were when last taken over. */
    takenOver: localFolder(`Pulumi.${localStackName}.taken-over.yaml`),
    committed: join(projectRoot, `Pulumi.${localStackName}.yaml`),
    startLock: localFolder("start.lock"),
    /** All that the local stack ever makes in its folder. */
    owned: names.map((name) => localFolder(name)),
  };
}

export type LocalPlaces = ReturnType<typeof localPlaces>;
