import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { projectRoot } from "../../support";
import { approvalText, approversOf, type ApprovalSubject } from "./approvals";
import { fail, ok, unknown, type Finding, type Gate } from "./gate";
import { plannedAt } from "./migrations-gate";
import type { Site } from "./site";

/** As many people as the settings ask for have signed this very release. */
export const approvalsGate: Gate = {
  name: "approvals",
  async look(site): Promise<Finding> {
    const { approvals } = site.wishes.rules;
    if (!approvals) return ok("none are asked for");
    const signers = resolve(projectRoot, approvals.signers);
    if (!existsSync(signers))
      return fail(
        `${approvals.signers} is not there: nobody can approve`,
        "Write the file of allowed signers.",
      );
    const subject = await subjectOf(site);
    if (!site.server || !subject) {
      return {
        ...unknown(
          "what is to be approved is not known yet",
          "Look again when image and database are there.",
        ),
        strictly: true,
      };
    }
    const people = await approversOf(site.server.ops, approvalText(subject), signers);
    const found = `${people.length} of ${approvals.needed}${people.length > 0 ? `: ${people.join(", ")}` : ""}`;
    if (people.length >= approvals.needed) return ok(found);
    return fail(
      found,
      `Whoever agrees signs with \`dnd release approve ${subject.release} --stack STACK --key FILE\`.`,
    );
  },
};

/** What would have to be signed; null where it cannot be known yet. */
export async function subjectOf(site: Site): Promise<ApprovalSubject | null> {
  const { environment, address, release, image, migrations } = site.wishes;
  if (!address || release === null || !image) return null;
  const { pending } = await plannedAt(site);
  return {
    ...{ environment, release, database: address.name, digest: image.digest },
    migrations: migrations.skip ? [] : pending.map(({ version }) => version),
  };
}
