import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseAddress } from "../drivers/mongo";
import { messageOf } from "../support";
import { DndResource, type Wrapped } from "./dnd-resource";
import type { Lifecycle, LifecycleContext } from "./lifecycle";
import { withJournal } from "./release-step";
import { holdWrites, type Serving } from "./hold-writes";

export type { Serving } from "./hold-writes";

/** What the data comes back from, once. */
export interface RestoreOrder {
  /** Another key is another restore; the same one never happens twice. */
  key: string;
  archive: string;
  /** Where the archive lies. */
  store: string;
  /** How many writes may be gone with what gives way. */
  acceptedLoss: number | "unknown";
  /** A new stack begins with it: nothing serves yet that would have to be held back. */
  base?: boolean;
}

export interface RestoreInputs {
  release: number | null;
  address: DatabaseAddress;
  /** Null where the data stays as it is: then nothing is done, now or later. */
  order: RestoreOrder | null;
  /** The app that gets no requests while its data is exchanged. */
  serving: Serving;
  /** Public keys of age for the archive of what gives way, where that is taken first. */
  recipients?: string[];
}

export interface RestoreOutputs extends RestoreInputs {
  /** The last restore that this stack has seen. */
  restored: { archive: string; at: string; documents: number; undoable: boolean } | null;
}

const backups = () => require("../engines/backup") as typeof import("../engines/backup");
const releases = () => require("../engines/release") as typeof import("../engines/release");

/** Of a restore: the old data is no longer all there, and the new not yet. */
const halfway = new Set(["in-place", "switching", "undoing"]);

async function restore(
  inputs: RestoreInputs,
  before: RestoreOutputs["restored"],
  context: LifecycleContext,
): Promise<RestoreOutputs> {
  const { address, order, release, serving, recipients = [] } = inputs;
  if (!order || release === null) return { ...inputs, restored: before };
  const { archive, key, store } = order;
  const { progress, signal } = context;
  const keys = await backups().readKeys(process.env);
  await backups().requireRestorable({ store, id: archive, keys, signal });
  await withJournal(address, (ops, journal) => journal.restoreOnce(ops, { key, release, archive }));
  const hold = (on: boolean) => (order.base ? Promise.resolve() : holdWrites(serving, on, context));
  await hold(true);
  try {
    await refuseMoreLoss(address, order, signal);
    const encryption = recipients.length > 0 ? { recipients } : undefined;
    const safety = { safetyStore: store, safetyEncryption: encryption, safetyRelease: release };
    const wanted = { store, id: archive, to: address, keys, drop: true, ...safety };
    const { documents, undoable } = await backups().restoreArchive({ ...wanted, progress, signal });
    return { ...inputs, restored: { archive, at: new Date().toISOString(), documents, undoable } };
  } catch (error) {
    // Half a database serves nobody, and what was written to it would be lost by the restore that mends it.
    if (await isHalf(address)) {
      (context.warn ?? progress)("requests stay held back: the database holds only a part of an archive");
      throw error;
    }
    // What served before serves on, whatever else the restore met: then the old data is still in place.
    await hold(false).catch((stuck: unknown) => {
      (context.warn ?? progress)(`the app gets no requests: ${messageOf(stuck)}`);
    });
    throw error;
  }
}

/** While nothing is written any more, what would be lost is counted once more: nobody agreed to more than was shown. */
async function refuseMoreLoss(
  address: DatabaseAddress,
  { archive, store, acceptedLoss }: RestoreOrder,
  signal: AbortSignal,
): Promise<void> {
  if (acceptedLoss === "unknown") return;
  const { manifest } = await backups().describeArchive(store, archive);
  const writes = await releases().writesSince(address, manifest.consistentAt, signal);
  if (writes !== undefined && writes <= acceptedLoss) return;
  throw new (releases().MoreWouldBeLostError)(archive, acceptedLoss, writes);
}

/** By this restore or an earlier one; what cannot be looked at is not taken for whole. */
async function isHalf(address: DatabaseAddress): Promise<boolean> {
  const states = await backups()
    .restoreState(address)
    .catch(() => undefined);
  return states?.some(({ phase }) => halfway.has(phase)) ?? true;
}

export const lifecycle: Lifecycle<RestoreInputs, RestoreOutputs> = {
  async diff(_id, olds, news) {
    return { changes: news.order !== null && news.order.key !== olds.order?.key };
  },
  async create(inputs, context) {
    return { id: "restore", outs: await restore(inputs, null, context) };
  },
  async update(_id, olds, news, context) {
    return { outs: await restore(news, olds.restored, context) };
  },
  async read(id, olds) {
    return { id, props: olds };
  },
  async delete() {
    // Data that came back stays: there is nothing to take back.
  },
};

/** Brings the data back from an archive, once, while nothing is written. */
export class Restore extends DndResource {
  declare readonly restored: pulumi.Output<RestoreOutputs["restored"]>;

  constructor(name: string, inputs: Wrapped<RestoreInputs>, options?: pulumi.CustomResourceOptions) {
    super("Restore", name, inputs, ["restored"], options);
  }
}
