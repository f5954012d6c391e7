import { OperatorError } from "../../support";
import { indexInWords, type IndexSeen } from "./index-seen";

/** No index of this name, or several. */
export class IndexUnclearError extends OperatorError {
  constructor(name: string, found: readonly IndexSeen[]) {
    const named = found.map((index) => `${index.collection}.${index.name}`).join(", ");
    super({
      code: "index-unclear",
      kind: "usage",
      message: found.length === 0 ? `there is no index ${name}` : `${name} may be ${named}`,
      remedy: "`dnd ops indexes` lists them; name one as COLLECTION.INDEX.",
    });
  }
}

/** An index that cannot be missing, not even for as long as it takes to build it. */
export class IndexNotRebuiltError extends OperatorError {
  constructor(index: IndexSeen, why: string, remedy: string) {
    super({
      code: "index-not-rebuilt",
      kind: "refused",
      message: `${indexInWords(index)} is not rebuilt: ${why}`,
      remedy,
    });
  }
}

/** What was built is not what was there before. */
export class IndexDifferentError extends OperatorError {
  constructor(name: string, covering: string) {
    super({
      code: "index-different",
      message: `${name} was built and is not there, or is another one`,
      remedy: `Queries are served by ${covering}. Look at what else changes indexes now, then run the command again.`,
    });
  }
}
