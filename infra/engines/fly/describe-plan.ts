import { imageOf } from "./fleet";
import type { Operation, Plan } from "./plan-deployment";

/** A plan in lines for an operator: every machine's operation, and what is left alone. */
export function describePlan({ operations, unchanged, warnings }: Plan): string[] {
  const same = unchanged.length > 0 ? [`${unchanged.length} machines stay as they are`] : [];
  return [...operations.map(describe), ...same, ...warnings.map((one) => `warning: ${one}`)];
}

function describe(operation: Operation): string {
  switch (operation.kind) {
    case "create":
      return `make ${operation.name} with ${operation.to.config.image ?? ""}`;
    case "update":
      return `update ${operation.machine.name} (${operation.machine.state}, ${imageOf(operation.machine)}): ${operation.differences.join(", ")}`;
    case "replace":
      return `replace ${operation.machine.name} by ${operation.name}: ${operation.reason}`;
    case "prove":
      return `finish ${operation.machine.name}, which an interrupted deployment left`;
    case "remove":
      return `remove ${operation.machine.name}: ${operation.reason}`;
  }
}
