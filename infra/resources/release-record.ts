import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseAddress } from "../drivers/mongo";
import type { Image, PassedRelease } from "../engines/release";
import { DndResource, type Wrapped } from "./dnd-resource";
import type { Lifecycle } from "./lifecycle";
import { withJournal } from "./release-step";

/** What closes a release that went well. */
export interface ReleaseRecordInputs {
  release: number | null;
  address: DatabaseAddress;
  image: Image;
  schemaVersion: string | null;
  archive: { id: string; bytes: number } | null;
  /** The verdict of the verification: without one nothing is recorded as good. */
  verdict: string;
}

export interface ReleaseRecordOutputs extends ReleaseRecordInputs {
  recorded: { number: number | null; image: string; digest: string; schemaVersion: string | null };
  /** What ended well here, for a stack that accepts nothing else; a state of an earlier edition has none. */
  passed?: PassedRelease[];
}

async function close(
  inputs: ReleaseRecordInputs,
  before: readonly PassedRelease[] = [],
): Promise<ReleaseRecordOutputs> {
  const { release: number, schemaVersion, archive, image } = inputs;
  if (number === null) return { ...inputs, ...recordOf(inputs, [...before]) };
  const { checksumsIn } = require("../engines/migration") as typeof import("../engines/migration");
  const migrations = await checksumsIn(inputs.address);
  const passed = await withJournal(inputs.address, async (ops, journal) => {
    const done = await journal.finishRelease(ops, number, {
      schemaAfter: schemaVersion,
      archive: archive && { id: archive.id, bytes: archive.bytes },
    });
    if (done?.kind && done.kind !== "forward") await journal.endRest(ops);
    return journal.passedWith(ops, before, { number, image, migrations });
  });
  return { ...inputs, ...recordOf(inputs, passed) };
}

function recordOf({ release: number, image, schemaVersion }: ReleaseRecordInputs, passed: PassedRelease[]) {
  return {
    passed,
    recorded: { number, image: `${image.name}:${image.version}`, digest: image.digest, schemaVersion },
  };
}

export const lifecycle: Lifecycle<ReleaseRecordInputs, ReleaseRecordOutputs> = {
  async diff(_id, olds, news) {
    return { changes: news.release !== null && news.release !== olds.release };
  },
  async create(inputs) {
    return { id: "release", outs: await close(inputs) };
  },
  async update(_id, olds, news) {
    return { outs: await close(news, olds.passed) };
  },
  async read(id, olds) {
    return { id, props: olds };
  },
  async delete() {
    // The journal keeps every release: there is nothing to take back.
  },
};

export class ReleaseRecord extends DndResource {
  declare readonly recorded: pulumi.Output<ReleaseRecordOutputs["recorded"]>;
  declare readonly passed: pulumi.Output<ReleaseRecordOutputs["passed"]>;

  constructor(name: string, inputs: Wrapped<ReleaseRecordInputs>, options?: pulumi.CustomResourceOptions) {
    super("ReleaseRecord", name, inputs, ["recorded", "passed"], options);
  }
}
