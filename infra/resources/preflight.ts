import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseAddress } from "../drivers/mongo";
import type { Image, ReleaseDetails } from "../engines/release";
import { DndResource, type Wrapped } from "./dnd-resource";
import type { Lifecycle } from "./lifecycle";
import { withJournal } from "./release-step";

/** What opens a release: its number, why it is made, and what must hold before anything is touched. */
export interface PreflightInputs {
  release: number | null;
  why: string[];
  problems: string[];
  environment: string;
  address: DatabaseAddress;
  image: Image;
  schemaBefore: string | null;
  commit: string | null;
  details?: ReleaseDetails;
  /** The digest of an image that this rollback takes out of service and that must not come back by itself. */
  quarantine?: string;
}

export interface PreflightOutputs extends PreflightInputs {
  openedAt: string;
}

async function open(inputs: PreflightInputs): Promise<PreflightOutputs> {
  const { release: number, environment, image, schemaBefore, why, commit } = inputs;
  const details = { engine: process.env.DND_RUN_BY ?? "pulumi", ...inputs.details };
  if (number !== null) {
    await withJournal(inputs.address, async (ops, journal) => {
      await journal.beginRelease(ops, { number, environment, image, schemaBefore, why, commit, details });
      const { quarantine: digest, details: { rollbackOf = number, reason = "rolled back" } = {} } = inputs;
      if (digest) await journal.quarantineImage(ops, { digest, release: rollbackOf, reason });
    });
  }
  return { ...inputs, openedAt: new Date().toISOString() };
}

export const lifecycle: Lifecycle<PreflightInputs, PreflightOutputs> = {
  async check(_olds, news) {
    return { inputs: news, failures: news.problems.map((reason) => ({ property: "migrations", reason })) };
  },
  async diff(_id, olds, news) {
    return { changes: news.release !== null && news.release !== olds.release };
  },
  async create(inputs) {
    return { id: "preflight", outs: await open(inputs) };
  },
  async update(_id, _olds, news) {
    return { outs: await open(news) };
  },
  async read(id, olds) {
    return { id, props: olds };
  },
  async delete() {
    // The journal keeps every release: there is nothing to take back.
  },
};

export class Preflight extends DndResource {
  constructor(name: string, inputs: Wrapped<PreflightInputs>, options?: pulumi.CustomResourceOptions) {
    super("Preflight", name, inputs, ["openedAt"], options);
  }
}
