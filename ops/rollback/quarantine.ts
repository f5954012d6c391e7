import { listQuarantine, releaseImage } from "../../infra/engines/release";
import { OperatorError } from "../../infra/support";
import { confirm, printResult, table, type Terminal } from "../terminal";
import { withOperations } from "./operations";
import type { RollbackOptions } from "./options";

/** Lists the images that no release deploys, each with why. */
export async function showQuarantine(options: RollbackOptions, terminal: Terminal): Promise<number> {
  const all = await withOperations(options, ({ ops }) => listQuarantine(ops));
  printResult(terminal, all, () =>
    all.length === 0
      ? "no image is in quarantine"
      : table(
          all.map(({ _id, release, at, by, reason }) => [
            _id,
            `release ${release}`,
            at.toISOString(),
            by,
            reason.split("\n")[0] ?? "",
          ]),
        ),
  );
  return 0;
}

/** Lets an image be deployed again. */
export async function letOut(options: RollbackOptions, terminal: Terminal): Promise<number> {
  const { digest = "" } = options;
  await confirm(terminal, {
    action: `let ${digest} be deployed again`,
    loss: "The next `dnd up` deploys it where it is what the checkout makes.",
    yes: options.yes,
  });
  const found = await withOperations(options, ({ ops }) => releaseImage(ops, digest));
  if (!found) throw unknownImage(digest);
  printResult(terminal, found, () => `${found._id} may be deployed again: \`dnd up\``);
  return 0;
}

function unknownImage(digest: string): OperatorError {
  return new OperatorError({
    code: "image-not-quarantined",
    message: `not one image in quarantine begins with ${digest}`,
    remedy: "`dnd rollback quarantine` lists them.",
  });
}
