import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseAddress } from "../drivers/mongo";
import type { Check } from "../engines/health";
import type { Image } from "../engines/release";
import { DndResource, type Wrapped } from "./dnd-resource";
import { isUnknown, type Lifecycle, type LifecycleContext } from "./lifecycle";

/** What is verified: the app at an address, as the image of a release. */
export interface VerificationInputs {
  release: number | null;
  address: DatabaseAddress;
  url: string;
  expected: Image;
  schemaVersion: string | null;
}

export interface VerificationOutputs extends VerificationInputs {
  /** "passed": what fails is never recorded. */
  verdict: string;
  checks: Check[];
  durationMs: number;
}

const engine = () => require("../engines/health") as typeof import("../engines/health");

async function verify(inputs: VerificationInputs, context: LifecycleContext): Promise<VerificationOutputs> {
  const { verifyDeployment, VerificationError } = engine();
  const started = Date.now();
  const { url, expected } = inputs;
  const { ok, checks } = await verifyDeployment({ url, expected, ...context });
  if (!ok) throw new VerificationError(url, checks);
  return { ...inputs, verdict: "passed", checks, durationMs: Date.now() - started };
}

/** An address that a preview cannot know yet is looked at where it was. */
async function answers(olds: VerificationOutputs, news: VerificationInputs, signal: AbortSignal) {
  return engine().isAnswering(isUnknown(news.url) ? olds.url : news.url, signal);
}

export const lifecycle: Lifecycle<VerificationInputs, VerificationOutputs> = {
  async diff(_id, olds, news, { signal }) {
    const released = typeof news.release === "number" && news.release !== olds.release;
    const { digest } = news.expected;
    const otherImage = !isUnknown(digest) && digest !== olds.expected.digest;
    return { changes: released || otherImage || !(await answers(olds, news, signal)) };
  },
  async create(inputs, context) {
    return { id: "verification", outs: await verify(inputs, context) };
  },
  async update(_id, _olds, news, context) {
    return { outs: await verify(news, context) };
  },
  async read(id, olds) {
    return { id, props: olds };
  },
  async delete() {
    // A verdict is a fact about the past: there is nothing to take back.
  },
};

export class Verification extends DndResource {
  declare readonly verdict: pulumi.Output<string>;
  declare readonly checks: pulumi.Output<Check[]>;

  constructor(name: string, inputs: Wrapped<VerificationInputs>, options?: pulumi.CustomResourceOptions) {
    super("Verification", name, inputs, ["verdict", "checks", "durationMs"], options);
  }
}
