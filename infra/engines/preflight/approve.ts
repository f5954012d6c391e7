import { resolve } from "node:path";
import { OperatorError, projectRoot } from "../../support";
import { approvalNamespace, approvalText, approversOf, keepApproval } from "./approvals";
import { subjectOf } from "./approvals-gate";
import type { Neighbours } from "./neighbours";
import { sign, signerOf } from "./signatures";
import { atSite } from "./site";
import type { PreflightWishes } from "./wishes";

/** What came of asking for an approval: the text, and who has signed it so far. */
export interface Approved {
  release: number;
  text: string;
  namespace: string;
  /** Null where nobody signed now. */
  signedBy: string | null;
  people: string[];
  needed: number;
}

/** Shows what is to be approved and, with a key, signs it; a release that meanwhile became another needs new signatures. */
export async function approve(
  wishes: PreflightWishes,
  neighbours: Neighbours,
  { key, signal }: { key: string | null; signal: AbortSignal },
): Promise<Approved> {
  const { approvals } = wishes.rules;
  if (!approvals) throw refused("no approvals are asked for", "Name signers in release.approvals first.");
  const signers = resolve(projectRoot, approvals.signers);
  return atSite({ wishes, neighbours, now: new Date(), signal }, async (site) => {
    const subject = await subjectOf(site);
    if (!subject || !site.server)
      throw refused(
        site.serverProblem?.message ?? "image or database are not known yet",
        "Approve a release when its image is pushed and its database is there: an `up` that is refused for want of approvals has pushed it.",
      );
    const text = approvalText(subject);
    const { release } = subject;
    let signedBy: string | null = null;
    if (key !== null) {
      const signature = await sign(text, key, approvalNamespace);
      signedBy = await signerOf(text, signature, signers, approvalNamespace);
      if (signedBy === null)
        throw refused(`${key} is not among ${approvals.signers}`, "Use a key that may approve.");
      await keepApproval(site.server.ops, text, { release, by: signedBy, signature });
    }
    const people = await approversOf(site.server.ops, text, signers);
    return { release, text, namespace: approvalNamespace, signedBy, people, needed: approvals.needed };
  });
}

function refused(message: string, remedy: string): OperatorError {
  return new OperatorError({ code: "approval-refused", kind: "refused", message, remedy });
}
