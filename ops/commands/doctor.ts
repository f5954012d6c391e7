import { addExamples, type CommandModule } from "../command";
import { examine, type Finding } from "../doctor";
import { printResult, table } from "../terminal";

const signs = { ok: "✓", warning: "!", missing: "✗" };

export const { define, perform }: CommandModule = {
  define(command) {
    addExamples(command, ["dnd doctor", "dnd doctor --stack production", "dnd doctor --json"]);
  },
  async perform({ stack }, terminal) {
    const findings = await examine(stack);
    const healthy = findings.every(({ status }) => status !== "missing");
    printResult(terminal, { stack, healthy, findings }, () => table(findings.flatMap(rows)));
    return healthy ? 0 : 1;
  },
};

function rows({ what, status, found, remedy }: Finding): string[][] {
  const row = [signs[status], what, found];
  return remedy === null ? [row] : [row, ["", "", `→ ${remedy}`]];
}
