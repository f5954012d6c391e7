import { atDatabase } from "../../infra/drivers/mongo";
import { keepProof, type Proof } from "../../infra/engines/preflight";
import { messageOf } from "../../infra/support";
import { chosenDatabase } from "../chosen-database";
import type { DatabaseOptions } from "../named-database";

/** Keeps a proof in the operations' database, and where that cannot be reached in a file: it took long to make. */
export async function keepReachably(
  proof: Proof,
  options: DatabaseOptions,
  say: (line: string) => void,
): Promise<string> {
  try {
    const { address } = await chosenDatabase(options);
    if (!address) return await keepProof(proof, null);
    return await atDatabase(address, "migration", { appName: "dnd-check" }, ({ ops }) =>
      keepProof(proof, ops),
    );
  } catch (error) {
    say(`the proof stays in a file: ${messageOf(error).split("\n")[0] ?? ""}`);
    return keepProof(proof, null);
  }
}
