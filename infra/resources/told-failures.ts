import { OperatorError } from "../support";

/** What an operator can mend becomes a failed check, in the words of the error; a bug stays an error. */
export async function toldFailures(
  property: string,
  look: () => Promise<string[]>,
): Promise<{ property: string; reason: string }[]> {
  try {
    return (await look()).map((reason) => ({ property, reason }));
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return [{ property, reason: error.message }];
  }
}
