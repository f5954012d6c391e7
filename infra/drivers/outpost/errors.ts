import { OperatorError } from "../../support";

export function outpostLost(called: string, why: string): OperatorError {
  return new OperatorError({
    code: "outpost-lost",
    message: `${called}, which works at the database for this run, does not answer any more: ${why}`,
    remedy:
      "It ends its work at the next safe point by itself. Run the command again: it goes on from what is there.",
  });
}

export const endedCode = "outpost-ended";

/** Its machine is known not to run any more. */
export function outpostEnded(called: string, why: string): OperatorError {
  return new OperatorError({
    code: endedCode,
    message: `${called}, which worked at the database for this run, ended in the middle of it: ${why}`,
    remedy: "Run the command again: another one goes there, and goes on from what is there.",
  });
}

/** It has heard nothing for so long that it has stopped what it did for this run, as for one that is gone. */
export function outpostForgot(called: string): OperatorError {
  return outpostLost(called, "it heard nothing of this run for too long");
}

export function outpostOfOtherEdition(called: string, theirs: string, ours: string): OperatorError {
  return new OperatorError({
    code: "outpost-other-edition",
    kind: "refused",
    message: `${called} has \`dnd\` ${theirs}, and this checkout is ${ours}`,
    remedy:
      "Build the app's image of this checkout with Dockerfile.monitor, or use the checkout that it was built of.",
  });
}

export function noWayToOutposts(): OperatorError {
  return new OperatorError({
    code: "outpost-unknown",
    message: "the database is reached over Fly, and this process was not told how",
    remedy: "Please report this: it is a bug.",
  });
}
