import { messageOf } from "../infra/support";
import type { CommonOptions } from "./command";

const deadlineMs = 15_000;

interface Traced {
  stack: string;
  /** Releases that began since then. */
  since: Date;
  say: (line: string) => void;
}

/** Sends the traces of the releases that were just made, where the usual variables ask for them; it never fails what it tells of. */
export async function traceReleases(traced: Traced): Promise<void> {
  const { tracesPlace } = require("../infra/drivers/traces") as typeof import("../infra/drivers/traces");
  const place = tracesPlace(process.env);
  if (!place) return;
  try {
    await send(traced, place, AbortSignal.timeout(deadlineMs));
  } catch (error) {
    traced.say(`! the release stands; its trace was not sent: ${messageOf(error).split("\n")[0] ?? ""}`);
  }
}

async function send(
  { stack, since }: Traced,
  place: import("../infra/drivers/traces").TracesPlace,
  signal: AbortSignal,
): Promise<void> {
  const { atDatabase } = require("../infra/drivers/mongo") as typeof import("../infra/drivers/mongo");
  const { sendSpans } = require("../infra/drivers/traces") as typeof import("../infra/drivers/traces");
  const { releasesSince, releaseSpans } =
    require("../infra/engines/monitoring") as typeof import("../infra/engines/monitoring");
  const { chosenDatabase } = require("./chosen-database") as typeof import("./chosen-database");
  const common: CommonOptions = { stack, json: false, yes: true };
  const { address } = await chosenDatabase(common);
  if (!address) return;
  await atDatabase(address, "backup", { appName: "dnd-traces", signal }, async ({ ops }) => {
    for (const release of await releasesSince(ops, { since, steps: true }))
      await sendSpans(place, releaseSpans(address.name, release), signal);
  });
}
