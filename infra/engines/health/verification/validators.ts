import type { Db } from "mongodb";
import { isOfRestore } from "../../../support";
import { CheckFailure } from "./check";

/** How long the server may look at one collection. */
const patienceMs = 5000;

/** A sample of the documents of each collection is as its validator wants them; what a restore has put aside is none of the app's. */
export async function validatorsHold(database: Db, sample: number): Promise<string> {
  const collections = await database.listCollections({}, { nameOnly: false }).toArray();
  const strict = collections.flatMap((one) => {
    const { validator } = (one as { options?: { validator?: object } }).options ?? {};
    const rules = validator && Object.keys(validator).length > 0 && !isOfRestore(one.name);
    return rules ? [{ name: one.name, validator }] : [];
  });
  const wrong: string[] = [];
  for (const { name, validator } of strict) {
    const found = await database
      .collection(name)
      .aggregate(
        [
          { $sample: { size: sample } },
          { $match: { $nor: [validator] } },
          { $project: { _id: 1 } },
          { $limit: 3 },
        ],
        { maxTimeMS: patienceMs },
      )
      .toArray();
    if (found.length > 0) wrong.push(`${name} has ${found.map(({ _id }) => String(_id)).join(", ")}`);
  }
  if (wrong.length > 0) throw new CheckFailure(`documents against their validators: ${wrong.join("; ")}`);
  return `${strict.length} validators hold on up to ${sample} documents each`;
}
