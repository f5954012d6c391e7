import type * as pulumi from "@pulumi/pulumi";
import type { ClusterName } from "../drivers/atlas-api";
import type { DatabaseAddress } from "../drivers/mongo";
import type { ArchiveSummary, Proven } from "../engines/backup";
import type { ExpectedArchive } from "../engines/release";
import { messageOf, OperatorError } from "../support";
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
  /** Further stores, which get a copy of each archive; left out where there are none. */
  copies?: string[];
  /** How it is compressed; "default" where nothing is said. */
  preset?: "default" | "small" | "fast" | "none";
  /** Public keys of age that it is encrypted for; without any it is not. */
  recipients?: string[];
  /** The steps after it wait until it was restored on a server of its own and compared. */
  restoreTest?: boolean;
  /** The cluster at Atlas that makes a snapshot of its own beside each archive; left out where none does. */
  snapshot?: ClusterName | null;
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
  const { address, store, environment, release, wanted, preset, restoreTest, recipients = [] } = inputs;
  if (!wanted) return { ...inputs, archive: await newest(inputs) };
  const { progress, signal } = context;
  const encryption = recipients.length > 0 ? { recipients } : undefined;
  const asked = { address, store, environment, release, preset, encryption };
  const warn = context.warn ?? progress;
  const { snapshot: cluster } = inputs;
  const startSnapshot = cluster ? engine().atlasSnapshot({ cluster, environment, release }) : undefined;
  const archive = await engine().takeBackup({ ...asked, startSnapshot, warn, progress, signal });
  const proven = restoreTest ? [(await testRestore(store, archive, context)).verification] : [];
  await engine()
    .recordArchive(address, archive)
    .then(() => engine().recordVerifications(address, archive.id, proven))
    .catch((error: unknown) => warn(`the catalog was not written: ${messageOf(error)}`));
  await copy(inputs, context);
  return { ...inputs, archive };
}

/** The archive is there: a store that cannot take its copy holds up no release, and the next run mends it. */
async function copy({ address, store, environment, copies = [] }: BackupInputs, context: LifecycleContext) {
  if (copies.length === 0) return;
  const { progress, signal, warn = progress } = context;
  const filter = { database: address.name, environment };
  const asked = { stores: [store, ...copies], filter, address, warn, progress, signal };
  await engine()
    .copyAndRecord(asked)
    .catch((error: unknown) => {
      signal.throwIfAborted();
      warn(`copies of archives were not made: ${messageOf(error)}`);
    });
}

async function testRestore(
  store: string,
  { id, database }: ArchiveSummary,
  { progress, signal, warn = progress }: LifecycleContext,
): Promise<Proven> {
  const keys = await engine().readKeys(process.env);
  const { withThrowAwayServer } = require("../engines/database") as typeof import("../engines/database");
  const proven = await withThrowAwayServer(
    { purpose: "restore-test", database, progress, signal },
    (server) => engine().proveArchive(store, id, { kind: "restore", server }, { keys, progress, signal }),
  );
  proven.misfits.forEach((misfit) =>
    warn(`data was damaged before ${id} was taken: ${misfit}, against its validator`),
  );
  return proven;
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

/** Whether the archive that the state names is still what it was, and nobody has found it wanting since. */
async function isThere({ archive, store }: BackupOutputs): Promise<boolean> {
  if (!archive) return true;
  const found = await engine().findArchive(store, archive.id);
  if (found?.sha256 !== archive.sha256) return false;
  const { verifications } = await engine().describeArchive(store, archive.id);
  return verifications.at(-1)?.ok ?? true;
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
