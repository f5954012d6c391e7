import type { Db } from "mongodb";
import { OperatorError } from "../support";

type Journal = typeof import("../engines/release");

/** Failures that a machine or the app itself has caused: another run of the same image would end the same way. */
const ofTheImage = new Set(["machine-failed", "fly-machine-unwell"]);

/** Whether a deployment failed by what was deployed, and not by a lost network, a full disk or an interruption. */
export function blamesImage(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(blamesImage);
  if (!(error instanceof OperatorError) || error.kind === "interrupted") return false;
  const answeredWrongly = "byTheApp" in error && error.byTheApp === true;
  return answeredWrongly || ofTheImage.has(error.code) || blamesImage(error.cause);
}

/** Puts the image of a failed release into quarantine, where a good one runs that it would replace again. */
export async function quarantineFailed(
  ops: Db,
  journal: Journal,
  release: number,
  reason: string,
): Promise<void> {
  const [failed, good] = [await journal.newestRelease(ops), await journal.newestDone(ops)];
  if (failed?._id !== release || !good || failed.image.digest === good.image.digest) return;
  if ((failed.kind ?? "forward") !== "forward") return;
  await journal.quarantineImage(ops, { digest: failed.image.digest, release, reason });
}
