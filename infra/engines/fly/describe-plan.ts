import { isHeldBack } from "./hide-old";
import { imageOf } from "./fleet";
import type { Operation, Plan, Target } from "./plan-deployment";
import { describePart } from "./volumes";

/** A plan in lines for an operator: every machine's operation, and what is left alone. */
export function describePlan({ operations, unchanged, warnings, kept, obstacles }: Plan): string[] {
  const same = unchanged.length > 0 ? [`${unchanged.length} machines stay as they are`] : [];
  return [
    ...operations.map(describe),
    ...same,
    ...kept.map((one) => `${one} stays, without a machine`),
    ...warnings.map((one) => `warning: ${one}`),
    ...obstacles.map((one) => `impossible: ${one}`),
  ];
}

function describe(operation: Operation): string {
  switch (operation.kind) {
    case "create":
      return `make ${operation.name} with ${operation.to.config.image ?? ""}${volumeOf(operation.to)}`;
    case "update":
      return `update ${operation.machine.name} (${operation.machine.state}, ${imageOf(operation.machine)}): ${operation.differences.join(", ")}${grownOf(operation.to)}`;
    case "replace":
      return `replace ${operation.machine.name} by ${operation.name}${volumeOf(operation.to)}: ${operation.reason}`;
    case "prove":
      return isHeldBack(operation.machine)
        ? `let requests reach ${operation.machine.name} again`
        : `finish ${operation.machine.name}, which an interrupted deployment left`;
    case "remove":
      return `remove ${operation.machine.name}: ${operation.reason}`;
  }
}

function volumeOf({ volume }: Target): string {
  return volume ? `, on ${describePart(volume)}` : "";
}

function grownOf({ volume }: Target): string {
  return volume?.growth ? `; ${describePart(volume)}` : "";
}
