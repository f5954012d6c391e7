import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseAddress } from "../drivers/mongo";
import type { ArchiveSummary } from "../engines/backup";
import type { ExpectedArchive } from "../engines/release";
import { OperatorError } from "../support";
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
const stores = () => require("../drivers/store") as typeof import("../drivers/store");

/** A new archive where one is wanted; else the newest good one, which an earlier release or stack has left. */
async function ensure(inputs: BackupInputs, context: LifecycleContext): Promise<BackupOutputs> {
  const { address, store, environment, release, wanted } = inputs;
  if (!wanted) return { ...inputs, archive: await newest(inputs) };
  const { progress, signal } = context;
  const archive = await engine().takeBackup({ address, store, environment, release, progress, signal });
  return { ...inputs, archive };
}

async function newest({ store, address, environment }: BackupInputs): Promise<ArchiveSummary | null> {
  const [archive] = await engine().listArchives(store, { database: address.name, environment });
  return archive ?? null;
}

async function whyNotStore(store: string): Promise<string | undefined> {
  try {
    return await stores().openStore(store).whyNotWritable();
  } catch (error) {
    if (error instanceof OperatorError) return error.message;
    throw error;
  }
}

/** Whether the archive that the state names is still what it was. */
async function isThere({ archive, store }: BackupOutputs): Promise<boolean> {
  const found = archive && (await engine().findArchive(store, archive.id));
  return found?.sha256 === archive?.sha256;
}

export const lifecycle: Lifecycle<BackupInputs, BackupOutputs> = {
  async check(_olds, news) {
    const reason = isUnknown(news.store) ? undefined : await whyNotStore(news.store);
    return { inputs: news, failures: reason === undefined ? [] : [{ property: "store", reason }] };
  },
  async diff(_id, olds, news) {
    if (news.release === null || isUnknown(news.release)) return { changes: false };
    if (news.release !== olds.release && news.wanted) return { changes: true };
    return { changes: !(await isThere(olds)) };
  },
  async create(inputs, context) {
    return { id: "backup", outs: await ensure(inputs, context) };
  },
  async update(_id, _olds, news, context) {
    return { outs: await ensure(news, context) };
  },
  async read(id, olds) {
    return { id, props: (await isThere(olds)) ? olds : { ...olds, archive: null } };
  },
  async delete() {
    // Archives outlive the resource: only retention deletes them.
  },
};

/** Takes the archive that the steps after it can go back to. */
export class Backup extends DndResource {
  declare readonly archive: pulumi.Output<ArchiveSummary | null>;

  constructor(name: string, inputs: Wrapped<BackupInputs>, options?: pulumi.CustomResourceOptions) {
    super("Backup", name, inputs, ["archive"], options);
  }
}
