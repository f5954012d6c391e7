import { randomUUID } from "node:crypto";
import type { RollbackFacts, RollbackOrder, RollbackPlan } from "../../infra/engines/release";

/** A confirmed plan as the program of the stack carries it out, with a key that works once. */
export function orderOf(
  plan: RollbackPlan,
  { releases }: RollbackFacts,
  reason: string,
  { automatic = false }: { automatic?: boolean } = {},
): RollbackOrder {
  const { kind, rollbackOf, target, image, reverting, archive, loss } = plan;
  const [newest] = releases;
  const to = releases.find(({ _id }) => _id === target);
  return {
    ...{ documentVersion: 1, kind, key: randomUUID(), rollbackOf, target, reason },
    image: image.after,
    reverting: reverting.map(({ version, description, phase }) => ({ version, description, phase })),
    archive: archive && { id: archive.id, store: archive.store },
    acceptedLoss: loss,
    plannedOn: { release: newest?._id ?? rollbackOf, state: newest?.state ?? "done" },
    quarantine: image.before.digest === image.after.digest ? null : image.before.digest,
    ...(automatic && { automatic }),
    commit: to?.commit ?? null,
    ...(to?.livesWith && { livesWith: to.livesWith }),
  };
}
