import { localFolder } from "../../infra/support";
import { beginRotation, endRotation } from "./journal";
import type { Rotator } from "./context";
import { upOnce } from "./up-once";

const engine = () => require("../../infra/engines/database") as typeof import("../../infra/engines/database");

/** The users of this computer's database. */
export const localDatabase: Rotator = {
  async begin(context) {
    const { address, ops, open } = context;
    if (!open) await beginRotation(ops, { secret: "database" });
    await engine().beginLoginRotation({ folder: localFolder("mongo"), address });
    await upOnce(context);
    const former = await engine().formerUsers(localFolder("mongo"));
    return {
      state: "overlap",
      done: `the machines log in as new users; ${former.join(", ")} still can`,
      next: "`dnd ops rotate database --finish` gives those up.",
    };
  },
  async finish({ address, ops, open }) {
    const gone = await engine().endLoginRotation({ folder: localFolder("mongo"), address });
    await endRotation(ops, open);
    return { state: "done", done: `${gone.join(", ")} can log in no more`, next: null };
  },
};
