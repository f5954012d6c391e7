import { OperatorError } from "../../support";
import { otherReleaseGate } from "./operations-gates";
import type { PreflightReport } from "./run-gates";

/** A gate does not let this release through. */
export class PreflightRefusedError extends OperatorError {
  constructor(readonly report: PreflightReport) {
    const stopping = report.gates.filter(({ stops }) => stops);
    const lines = stopping.map(
      ({ gate, reason, remedy }) => `\n  ${gate}: ${reason}${remedy ? `\n    ${remedy}` : ""}`,
    );
    super({
      code: "preflight-refused",
      // Where only another release is in the way, waiting is all there is to do.
      kind: stopping.every(({ gate }) => gate === otherReleaseGate) ? "locked" : "refused",
      message: `${stopping.length} of ${report.gates.length} gates refuse this release; nothing was touched:${lines.join("")}`,
      remedy: "`dnd check` shows all of them; mend these, then run `dnd up` again.",
    });
  }
}
