import { accessSync, constants, existsSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseAddress } from "../drivers/mongo";
import type { ArchiveSummary } from "../engines/backup";
import type { ExpectedArchive } from "../engines/release";
import { localFolder } from "../support";
import { DndResource, type Wrapped } from "./dnd-resource";
import { isUnknown, type Lifecycle, type LifecycleContext } from "./lifecycle";

/** The archive that a release can go back to. */
export interface BackupInputs {
  release: number | null;
  /** Whether this release needs one; else the newest that exists stands for it. */
  wanted: boolean;
  address: DatabaseAddress;
  environment: string;
  /** A folder, below `.dnd/` unless it is absolute. */
  store: string;
  /** What the plan saw; it is only shown. */
  expected: ExpectedArchive | null;
}

export interface BackupOutputs extends BackupInputs {
  archive: ArchiveSummary | null;
}

const engine = () => require("../engines/backup") as typeof import("../engines/backup");

async function take(inputs: BackupInputs, { progress, signal }: LifecycleContext): Promise<BackupOutputs> {
  const { address, store, environment, release } = inputs;
  return {
    ...inputs,
    archive: await engine().takeBackup({ address, store, environment, release, progress, signal }),
  };
}

/** Why archives cannot be kept there; looked at without writing. */
function whyNotStore(store: string): string | undefined {
  if (/^[a-z0-9]+:\/\//i.test(store)) return `${store} is not a folder: archives cannot be kept there yet`;
  let folder = isAbsolute(store) ? store : localFolder(store);
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch {
    return `${folder} cannot be written`;
  }
}

export const lifecycle: Lifecycle<BackupInputs, BackupOutputs> = {
  async check(_olds, news) {
    const reason = isUnknown(news.store) ? undefined : whyNotStore(news.store);
    return { inputs: news, failures: reason ? [{ property: "store", reason }] : [] };
  },
  async diff(_id, olds, news) {
    if (typeof news.release === "number" && news.release !== olds.release && news.wanted)
      return { changes: true };
    if (!olds.archive || isUnknown(news.address)) return { changes: false };
    return { changes: !(await engine().findArchive(olds.store, olds.address.name, olds.archive.id)) };
  },
  async create(inputs, context) {
    if (inputs.wanted) return { id: "backup", outs: await take(inputs, context) };
    const [newest] = await engine().listArchives(inputs.store, inputs.address.name);
    return { id: "backup", outs: { ...inputs, archive: newest ?? null } };
  },
  async update(_id, _olds, news, context) {
    return { outs: await take(news, context) };
  },
  async read(id, olds) {
    const { archive, store, address } = olds;
    const found = archive && (await engine().findArchive(store, address.name, archive.id));
    return { id, props: { ...olds, archive: found ?? null } };
  },
  async delete() {
    // Archives outlive the resource: only retention deletes them.
  },
};

export class Backup extends DndResource {
  declare readonly archive: pulumi.Output<ArchiveSummary | null>;

  constructor(name: string, inputs: Wrapped<BackupInputs>, options?: pulumi.CustomResourceOptions) {
    super("Backup", name, inputs, ["archive"], options);
  }
}
