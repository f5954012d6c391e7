import { readFile } from "node:fs/promises";
import { parseDocument } from "yaml";
import { writeAtomically } from "../../infra/drivers/files";
import { connect } from "../../infra/drivers/mongo";
import { OperatorError } from "../../infra/support";
import { committedSettings } from "../stack-settings";
import type { RotateContext, Rotator } from "./context";
import { beginRotation, endRotation } from "./journal";
import { upOnce } from "./up-once";

const place = ["config", "dnd-tracker:database", "rotation"];

/** The users of a stack's own cluster, whose names and passwords come of the key and the number of the rotation. */
export const atlasDatabase: Rotator = {
  async begin(context) {
    const { ops, open, stack } = context;
    const now = rotationOf(context);
    const wanted = Number(
      (open ?? (await beginRotation(ops, { secret: "database", detail: { rotation: now + 1 } }))).detail
        .rotation,
    );
    if (now < wanted) await writeRotation(stack, wanted);
    await upOnce(context);
    return {
      state: "overlap",
      done: `rotation ${wanted}: the machines log in as its users, those of rotation ${wanted - 1} still can`,
      next: `Commit Pulumi.${stack}.yaml, then \`dnd ops rotate database --stack ${stack} --finish\`.`,
    };
  },
  async finish(context) {
    const { address, ops, open } = context;
    const client = await connect(address, "migration", { currentUserOnly: true, appName: "dnd-rotation" });
    await client.close();
    await endRotation(ops, open);
    return {
      state: "done",
      done: `the users of rotation ${String(open.detail.rotation)} are in use`,
      next: "The users of the rotation before go with the next one; to end them at once rotate twice.",
    };
  },
};

function rotationOf({ settings }: RotateContext): number {
  if (settings.database.kind !== "atlas") throw new Error("only a cluster of the stack's own has rotations");
  return settings.database.rotation;
}

/** Comments and order of the file stay as they are. */
async function writeRotation(stack: string, rotation: number): Promise<void> {
  const file = committedSettings(stack);
  const document = parseDocument(await readFile(file, "utf8"));
  if (document.errors.length > 0 || !document.hasIn(place.slice(0, 2))) throw unwritable(file, rotation);
  document.setIn(place, rotation);
  await writeAtomically(file, document.toString({ lineWidth: 0 }), { mode: 0o644 });
}

function unwritable(file: string, rotation: number): OperatorError {
  return new OperatorError({
    code: "rotation-not-written",
    kind: "refused",
    message: `${file} has no group dnd-tracker:database to write the rotation into`,
    remedy: `Set it by \`pulumi config set --path dnd-tracker:database.rotation ${rotation}\` and run the command again.`,
  });
}
