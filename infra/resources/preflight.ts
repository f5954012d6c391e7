import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseAddress } from "../drivers/mongo";
import type { GateResult } from "../engines/preflight";
import type { Image, ReleaseDetails } from "../engines/release";
import { leaveWord } from "../support";
import { DndResource, type Wrapped } from "./dnd-resource";
import { judgeGates, type GateWishes, type GivenGates } from "./gates";
import { isUnknown, type Lifecycle, type LifecycleContext } from "./lifecycle";
import { openedBy, tellOfOpened } from "./opened-gates";
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
  /** What the gates are told; without it there are none. No change of it is a reason to release. */
  gates?: GateWishes;
  /** A preview shows what the gates find, and goes no further than that. */
  preview?: boolean;
  /** The digest of an image that this rollback takes out of service and that must not come back by itself. */
  quarantine?: string;
}

export interface PreflightOutputs extends PreflightInputs {
  openedAt: string;
  /** What each gate has found. */
  found: GateResult[];
}

async function open(inputs: PreflightInputs, context: LifecycleContext): Promise<PreflightOutputs> {
  const { release: number, environment, image, schemaBefore, why, commit } = inputs;
  const found = number === null ? [] : await passGates(inputs, context);
  const { identify } = require("../drivers/processes") as typeof import("../drivers/processes");
  const runner = identify(process.pid);
  const engine = process.env.DND_RUN_BY ?? "pulumi";
  const opened = openedBy(inputs.gates);
  const details = {
    engine,
    ...(runner && { runner }),
    ...(opened.length > 0 && { overridden: opened }),
    ...inputs.details,
  };
  if (number !== null) {
    await withJournal(inputs.address, async (ops, journal) => {
      await journal.beginRelease(ops, { number, environment, image, schemaBefore, why, commit, details });
      await tellOfOpened(ops, { release: number, environment }, opened);
      const { quarantine: digest, details: { rollbackOf = number, reason = "rolled back" } = {} } = inputs;
      if (digest) await journal.quarantineImage(ops, { digest, release: rollbackOf, reason });
    });
    // The plan in one line, for whoever watches: it is the last that this step says.
    context.progress(`release ${number}: ${why.join(", ")}`);
  }
  return { ...inputs, openedAt: new Date().toISOString(), found };
}

/** Whether the journal gives a number that this stack has given before: it has lost what was written since. */
function isGivenAgain(olds: PreflightInputs, { release, why }: PreflightInputs): boolean {
  if (olds.release === null || release === null || why.length === 0) return false;
  // An empty journal is that of a new database, which begins anew.
  return release === olds.release || (release > 1 && release < olds.release);
}

/** A release that only the state remembers is written down before any other. */
async function remember({ release: number, ...olds }: PreflightOutputs, address: DatabaseAddress) {
  if (number === null) return;
  const { environment, image, schemaBefore, why, commit, openedAt } = olds;
  const remembered = { number, environment, image, schemaBefore, why, commit, openedAt };
  await withJournal(address, async (ops, journal) => {
    await journal.writeDownLost(ops, remembered);
    const behind = new journal.JournalBehindError(number);
    leaveWord(behind);
    throw behind;
  });
}

/** A preview is for looking: a gate that is closed now may be open when the release is made. */
async function showGates(inputs: PreflightInputs, context: LifecycleContext): Promise<void> {
  if (isUnknown(inputs.address) || isUnknown(inputs.image.digest)) return;
  const report = await judgeGates(inputs, context);
  for (const { gate, reason, remedy, stops } of report?.gates ?? []) {
    const told = [
      `${gate} would refuse this release: ${reason}`,
      ...(remedy === null ? [] : [`  ${remedy}`]),
    ];
    if (stops) (context.warn ?? context.progress)(told.join("\n"));
  }
}

/** Refuses before anything is written, the journal too. */
async function passGates(inputs: PreflightInputs, context: LifecycleContext): Promise<GateResult[]> {
  const { PreflightRefusedError } = require("../engines/preflight") as typeof import("../engines/preflight");
  const report = await judgeGates(inputs, context);
  if (!report) return [];
  if (report.ok) return report.gates;
  const refused = new PreflightRefusedError(report);
  leaveWord(refused);
  throw refused;
}

export const lifecycle: Lifecycle<PreflightInputs, PreflightOutputs> = {
  async check(olds, { preview, ...news }, context) {
    if (preview && news.release !== null && news.release !== olds.release) await showGates(news, context);
    return { inputs: news, failures: news.problems.map((reason) => ({ property: "migrations", reason })) };
  },
  async diff(_id, olds, news) {
    const isAnother = news.release !== null && news.release !== olds.release;
    return { changes: isAnother || isGivenAgain(olds, news) };
  },
  async create(inputs, context) {
    return { id: "preflight", outs: await open(inputs, context) };
  },
  async update(_id, olds, news, context) {
    if (isGivenAgain(olds, news)) await remember(olds, news.address);
    return { outs: await open(news, context) };
  },
  async read(id, olds) {
    return { id, props: olds };
  },
  async delete() {
    // The journal keeps every release: there is nothing to take back.
  },
};

export class Preflight extends DndResource {
  constructor(
    name: string,
    inputs: Wrapped<Omit<PreflightInputs, "gates">> & { gates?: GivenGates },
    options?: pulumi.CustomResourceOptions,
  ) {
    super("Preflight", name, inputs, ["openedAt", "found"], options);
  }
}
