import type { Db } from "mongodb";
import { healthHandlers } from "../../infra/engines/health";
import { resolveAlert } from "../../infra/engines/alerts";
import {
  deploymentPages,
  monitoringApi,
  prometheusPage,
  storedFigures,
} from "../../infra/engines/monitoring";
import { messageOf } from "../../infra/support";
import type { Pages } from "./server";
import type { Site } from "./site";
import type { MonitorState } from "./state";

export interface PagesWish {
  site: Site;
  database: Db;
  ops: Db;
  state: MonitorState;
  committedAt: (commit: string) => Date | undefined;
  /** Fires when the monitor stops: streams end then. */
  stopping: AbortSignal;
  say: (line: string) => void;
}

/** Everything that the monitor answers. */
export function pagesOf(wish: PagesWish): Pages {
  const { site, database, ops, state, committedAt, stopping, say } = wish;
  const { environment, version, token, maintenance } = site;
  const report = (error: unknown) => say(`! a page: ${messageOf(error).split("\n")[0] ?? ""}`);
  const health = healthHandlers({
    database,
    environment,
    version,
    expected: site.migrations.map((one) => ({ version: one })),
    draining: () => stopping.aborted,
    queried: "migrations",
  });
  const toRead: Pages = {
    "/": () => Promise.resolve(new Response(null, { status: 302, headers: { location: "/deployments" } })),
    "/health": health.live,
    "/api/health": health.health,
    "/api/health/database": health.database,
    "/api/health/migrations": health.migrations,
    ...deploymentPages({
      ...{ ops, database, environment, version, committedAt, stopping, maintenance, report },
      machines: () => state.machines,
      mayResolve: token !== undefined,
    }),
    ...prometheusPage({
      ops,
      environment,
      committedAt,
      figures: async () => (state.standing.leads ? state.figures : storedFigures(ops, environment)),
      regions: () => state.regions(),
      own: () => state.samples(),
    }),
  };
  const api = monitoringApi({
    ...{ ops, environment, token, report },
    resolveAlert: async (id, by) => (await resolveAlert(ops, id, by)) !== null,
  });
  return { ...readOnly(toRead), ...api };
}

/** Pages that change nothing answer nobody who wants to change something. */
function readOnly(pages: Pages): Pages {
  const refused = () =>
    Response.json({ error: "only GET is possible here" }, { status: 405, headers: { allow: "GET, HEAD" } });
  return Object.fromEntries(
    Object.entries(pages).map(([path, page]) => [
      path,
      async (request: Request) =>
        request.method === "GET" || request.method === "HEAD" ? page(request) : refused(),
    ]),
  );
}
