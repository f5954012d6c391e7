import { OperatorError, messageOf } from "../../support";

/** A machine did not come up as it should: its own words, and what Fly saw. */
export class MachineUnwell extends OperatorError {
  constructor(
    readonly machineId: string,
    reason: string,
    /** It ended, or answered wrongly; one that was never heard of may have been kept from it. */
    proven = true,
  ) {
    super({
      code: proven ? "fly-machine-unwell" : "fly-machine-unheard",
      message: `machine ${machineId}: ${reason}`,
      remedy: proven
        ? "Look at its log, mend the app or its checks, then deploy again."
        : "That proves nothing against the image, which is not taken out of service: look at its log, its size and its database, then deploy again.",
    });
  }
}

/** A deployment failed and every machine that it had changed is back at what it was. */
export class DeploymentReturned extends OperatorError {
  constructor(app: string, cause: unknown, returned: number, runs: readonly string[] = []) {
    const undone =
      returned > 0
        ? `the ${returned} machines it had changed are back and healthy`
        : "no machine was changed";
    super({
      code: "fly-deployment-returned",
      message: told([`the deployment of ${app} failed, ${inOneLine(cause)}`, `Undone: ${undone}.`], runs),
      remedy: "The old version serves. Mend the cause, then run `dnd up` again.",
      cause,
    });
  }
}

/** What still has to be brought back by hand or by the next run. */
export interface LeftBehind {
  machine: string;
  image: string;
  reason: string;
}

/** A deployment failed, and so did the way back. */
export class ReturnFailed extends OperatorError {
  constructor(
    app: string,
    cause: unknown,
    readonly left: readonly LeftBehind[],
    runs: readonly string[] = [],
  ) {
    const list = left.map(({ machine, image, reason }) => `${machine} with ${image}: ${reason}`).join("; ");
    super({
      code: "fly-return-failed",
      message: told(
        [
          `the deployment of ${app} failed, ${inOneLine(cause)}`,
          `Not undone, these could not be brought back: ${list}.`,
        ],
        runs,
      ),
      remedy: "Run `dnd up` again: it takes up what this one left.",
      cause,
    });
  }
}

/** What is there does not allow the deployment; nothing was begun. */
export class DeploymentImpossible extends OperatorError {
  constructor(app: string, obstacles: readonly string[]) {
    super({
      code: "fly-deployment-impossible",
      message: `app ${app} cannot be deployed as it is: ${obstacles.join("; ")}`,
      remedy:
        "Put what is missing in its place, then deploy again: volumes are shown by `dnd fly volumes list`; " +
        "where there is no room name another region, one in app.fallbackRegions, or a smaller size.",
      kind: "refused",
    });
  }
}

/** Another run works on the app: it made the machine that this one was about to make. */
export class AnotherDeployment extends OperatorError {
  constructor(app: string, said: string) {
    super({
      code: "fly-deployment-locked",
      message: `another deployment of ${app} is under way: ${said}`,
      remedy: "Wait for its end, then run the command again.",
      kind: "locked",
    });
  }
}

/** What failed, what was undone, what runs now: a line for each. */
function told(lines: readonly string[], runs: readonly string[]): string {
  const now = runs.length > 0 ? [`Now run: ${runs.join("; ")}.`] : [];
  return [...lines, ...now].join("\n  ");
}

/** With all that stands below its first line: which checks failed, for one. */
function inOneLine(cause: unknown): string {
  return messageOf(cause)
    .split("\n")
    .map((line) => line.trim())
    .join(" ");
}
