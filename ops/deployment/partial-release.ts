import { endRelease } from "../../infra/engines/release";
import type { OperationResult } from "../engine";
import { withOperations } from "../rollback/operations";
import { stateOf } from "./answers";

/** A release of which only a part was asked for goes no further: the journal says so, and the next `up` does all of it. */
export async function endPartial(stack: string, part: string, result: OperationResult): Promise<void> {
  const number = stateOf(result, "preflight")?.release;
  if (typeof number !== "number") return;
  await withOperations({ stack, json: false, yes: true }, ({ ops }) =>
    endRelease(ops, number, `it ends here: nothing after ${part} was asked for`),
  );
}
