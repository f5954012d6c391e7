import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseAddress } from "../drivers/mongo";
import type { Check, TrafficThresholds } from "../engines/health";
import type { Image } from "../engines/release";
import { DndResource, type Wrapped } from "./dnd-resource";
import type { Serving } from "./hold-writes";
import { isUnknown, type Lifecycle, type LifecycleContext } from "./lifecycle";
import { machineLogs } from "./machine-logs";
import { withJournal } from "./release-step";

/** What is verified: the app at an address, as the image of a release. */
export interface VerificationInputs {
  release: number | null;
  address: DatabaseAddress;
  url: string;
  expected: Image;
  schemaVersion: string | null;
  /** No machine is wanted for now: nothing can answer, and nothing has to. */
  resting?: boolean;
  /** The app whose machines' logs are read; without it they are not, and no change of it is a reason to verify again. */
  serving?: Serving;
  /** How it is judged; no change of it is a reason to verify again. */
  rules?: VerificationRules;
}

/** How long a release watches its app, and what it takes for good. */
export interface VerificationRules {
  bakeMs: number;
  sample: number;
  thresholds: TrafficThresholds;
}

export interface VerificationOutputs extends VerificationInputs {
  /** "passed": what fails is never recorded. */
  verdict: string;
  checks: Check[];
  durationMs: number;
}

const engine = () => require("../engines/health") as typeof import("../engines/health");

async function verify(inputs: VerificationInputs, context: LifecycleContext): Promise<VerificationOutputs> {
  const { VerificationError } = engine();
  const started = Date.now();
  const { verdict, reasons, checks } = await judge(inputs, context);
  if (verdict === "bad") throw new VerificationError(inputs.url, checks, reasons);
  for (const reason of reasons) (context.warn ?? context.progress)(reason);
  return { ...inputs, verdict: "passed", checks, durationMs: Date.now() - started };
}

/** The app from outside, its data from inside, and what the version before was like. */
async function judge(inputs: VerificationInputs, { progress, signal }: LifecycleContext) {
  const { url, expected, address, release, serving } = inputs;
  const { verifyRunning, measuredBefore, rememberMeasurement, guidesThresholds } = engine();
  const { bakeMs, sample, thresholds } = inputs.rules ?? {
    bakeMs: 0,
    sample: 1000,
    thresholds: guidesThresholds,
  };
  return withJournal(address, async (ops, journal, client) => {
    const before = await measuredBefore(ops, expected.digest);
    const database = client.db(address.name);
    const since = (release === null ? null : await journal.findRelease(ops, release))?.startedAt;
    const logs = serving && (() => machineLogs(serving, since ?? new Date(0), signal));
    const looks = { url, expected, database, sample, watchMs: bakeMs, thresholds, before, logs };
    const found = await verifyRunning({ ...looks, progress, signal });
    const { traffic, verdict, logs: logged } = found;
    const { version, digest } = expected;
    const measured = { at: new Date(), release, version, digest, verdict, traffic, logs: logged };
    if (traffic || logged) await rememberMeasurement(ops, measured);
    return found;
  });
}

/** An address that a preview cannot know yet is looked at where it was. */
async function answers(olds: VerificationOutputs, news: VerificationInputs, signal: AbortSignal) {
  return engine().isAnswering(isUnknown(news.url) ? olds.url : news.url, signal);
}

export const lifecycle: Lifecycle<VerificationInputs, VerificationOutputs> = {
  async diff(_id, olds, news, { signal }) {
    const released = typeof news.release === "number" && news.release !== olds.release;
    const { digest } = news.expected;
    if (!released && news.resting === true) return { changes: false };
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
