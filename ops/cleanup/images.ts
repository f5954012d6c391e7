import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { observeHost } from "../../infra/drivers/processes";
import { localFolder } from "../../infra/support";
import { localStackName } from "../local-stack";
import { nothing, type CleanupPart } from "./item";
import type { CleanupContext } from "./context";

const oldMs = 30 * 86_400_000;
/** So many of the newest stay for the way back, however old. */
const keepNewest = 5;

/** Images of this computer that nothing runs and nobody has started for a month. */
export async function oldImages({ stack, now }: CleanupContext): Promise<CleanupPart> {
  if (stack !== localStackName) return nothing;
  const root = localFolder("images");
  const seen = await observeHost(localFolder("machines"));
  const used = new Set(
    seen?.machines.map(({ spec }) => (spec.metadata.digest ?? "").replace(/^sha256:/, "")),
  );
  const names = await readdir(root).catch(() => []);
  const aged = await Promise.all(
    names.map(async (name) => ({
      name,
      at: (await stat(join(root, name)).catch(() => undefined))?.mtimeMs ?? 0,
    })),
  );
  const old = aged
    .sort((one, other) => other.at - one.at)
    .slice(keepNewest)
    .filter(({ name, at }) => !used.has(name) && now.getTime() - at > oldMs);
  return {
    items: old.map(({ name, at }) => ({
      ...{ kind: "image" as const, id: name, bytes: null },
      why: `not started since ${new Date(at).toISOString().slice(0, 10)}`,
    })),
    remove: ({ id }) => rm(join(root, id), { recursive: true, force: true }),
    notes: [],
  };
}
