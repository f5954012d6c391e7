import { OperatorError, messageOf } from "../../support";
import type { AppImage } from "./image";

export function imageGone(image: AppImage): OperatorError {
  return new OperatorError({
    code: "image-missing",
    message: `the image ${image.name} ${image.version} (${image.digest}) is not kept here, and the sources of this checkout make another one`,
    remedy: "Check out the commit that it was made of, or deploy what is checked out now.",
  });
}

/** A bug of ours: the digest would not see a change of these files. */
export function sourcesUnknown(files: string[]): Error {
  return new Error(`the image holds files that its digest does not cover: ${files.join(", ")}`);
}

interface FailedMachine {
  machine: string;
  version: string;
  what: string;
  lines: string[];
  /** It ended, or answered wrongly; one that was never heard of may have been kept from it. */
  proven: boolean;
  cause?: unknown;
}

const toMend = {
  proven: "Mend what its log tells of, then run the command again.",
  unproven:
    "That proves nothing against the image, which is not taken out of service: look at the load of this machine, at the database and at its log, then run the command again.",
};

/** A machine that did not become what it was started for. */
export class MachineFailure extends OperatorError {
  constructor(details: FailedMachine) {
    const log = details.lines.length === 0 ? "; it wrote no log" : `; the last lines of its log:`;
    super({
      code: details.proven ? "machine-failed" : "machine-unheard",
      message: [
        `machine ${details.machine} (version ${details.version}) ${details.what}${log}`,
        ...details.lines,
      ].join("\n    "),
      remedy: details.proven ? toMend.proven : toMend.unproven,
      cause: details.cause,
    });
  }
}

/** The update failed; `outcome` tells what serves now. It keeps the code of its cause: that is what has to be mended. */
export function updateFailed(cause: unknown, outcome: string): OperatorError {
  const known = cause instanceof OperatorError ? cause : undefined;
  return new OperatorError({
    code: known?.code ?? "machines-update-failed",
    message: `${withoutRemedy(cause)}\n  ${outcome}`,
    remedy: known?.remedy ?? "Mend the cause, then run the command again.",
    cause,
  });
}

export function updateInterrupted(cause: unknown, outcome: string): OperatorError {
  return new OperatorError({
    code: "machines-update-interrupted",
    kind: "interrupted",
    message: `the update of the machines was interrupted. ${outcome}`,
    remedy: "Run the command again.",
    cause,
  });
}

/** The worst case: neither the new machines nor all the old ones are well. */
export function returnFailed(update: unknown, back: unknown): OperatorError {
  return new OperatorError({
    code: "machines-return-failed",
    message: `the update failed: ${messageOf(update)}\n  and the way back failed too: ${messageOf(back)}`,
    remedy:
      "What answers was left running. Mend either cause, then run the command again: it carries on from here.",
    // What is wrong with the old machines is nothing that the new ones could be blamed for.
    cause: update,
  });
}

function withoutRemedy(error: unknown): string {
  return error instanceof OperatorError ? error.message.replace(`\n  ${error.remedy}`, "") : messageOf(error);
}
