import { OperatorError } from "../../../infra/support";
import { missing, type Finding } from "../finding";

/** What a vendor finds, or its refusal in one line with what mends it. */
export async function looked(what: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return [missing(what, error.message.split("\n")[0] ?? "", error.remedy)];
  }
}

/** So long one vendor is asked. */
export const patienceMs = 30_000;
