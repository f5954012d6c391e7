import { placeOf } from "../backup";
import { lookAtApp } from "./app-state";
import { lookAtArchives } from "./archives";
import { lookAtDatabase, type DatabaseStatus } from "./database";
import type { StatusOptions } from "./index";
import type { Status } from "./text";

/** One look at everything, each part for as long as it is worth waiting for. */
export async function look(options: StatusOptions, signal?: AbortSignal): Promise<Status> {
  const place = await placeOf({ ...options, action: "list" });
  const looking = lookAtDatabase(options, place, signal);
  const override = looking.then(({ operations }) => machinesWanted(operations));
  const [app, database] = await Promise.all([
    place.settings ? lookAtApp(options.stack, place.settings, override, signal) : null,
    looking,
  ]);
  const archives = await lookAtArchives(place, database.documentBytes, signal);
  const problems = [...(app?.problems ?? []), ...database.problems, ...archives.problems];
  return { stack: place.settings ? options.stack : null, app, database, archives, problems };
}

function machinesWanted({ overrides }: DatabaseStatus["operations"]): number | undefined {
  return overrides.find(({ kind }) => kind === "machines")?.count ?? undefined;
}
