import { ControlClient, observeHost } from "../../infra/drivers/processes";
import { localFolder } from "../../infra/support";
import { localStackName } from "../local-stack";
import type { CleanupContext } from "./context";
import type { CleanupPart } from "./item";

/** Machines of this computer that have ended and that nothing starts again. */
export async function staleMachines({ stack }: CleanupContext): Promise<CleanupPart> {
  if (stack !== localStackName)
    return {
      items: [],
      remove: () => Promise.resolve(),
      notes: [
        "machines at Fly: each release removes those that it replaces; `dnd status` names what is left",
      ],
    };
  const folder = localFolder("machines");
  const seen = await observeHost(folder);
  const dead = (seen?.machines ?? []).filter(
    ({ state, pid }) => pid === null && (state === "failed" || state === "stopped"),
  );
  return {
    items: dead.map(({ spec, state }) => ({
      ...{ kind: "machine" as const, id: spec.id, bytes: null },
      why: `${state}, and nothing starts it again`,
    })),
    async remove({ id }) {
      const machine = dead.find(({ spec }) => spec.id === id);
      if (machine) await new ControlClient(folder).remove(machine.spec);
    },
    notes: [],
  };
}
