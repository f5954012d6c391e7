import { z } from "zod";
import { answerFields } from "../graphql/answer";
import { GraphError, graphOf } from "../graphql/graph";
import { parseQuery } from "../graphql/parse";
import { refuse } from "../refusal";
import type { Release } from "../world/releases";
import { time } from "./machine-view";
import { bodyOf, paramOf, type Answer, type Asked, type Route } from "./route";

const question = z.looseObject({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});
const newRelease = z.looseObject({
  app_name: z.string(),
  definition: z.unknown(),
  image: z.string(),
  strategy: z.string(),
});
const newBuild = z.looseObject({ app_name: z.string() });
const finished = z.looseObject({ build_id: z.int(), status: z.string() });
const outcome = z.looseObject({ status: z.string() });

/** What Fly's own tool asks elsewhere than at the API of the machines: its graph, releases, builds and logs. */
export const toolRoutes: Route[] = [
  { method: "POST", path: "/graphql", action: "ask the graph", answer: graph },
  {
    method: "GET",
    path: "/api/v1/organizations",
    action: "look organization",
    answer: ({ world }) => ({
      body: { organizations: (world.options.organizations ?? []).map(organization) },
    }),
  },
  {
    method: "GET",
    path: "/api/v1/organizations/{organization}",
    action: "look organization",
    answer: (asked) => ({ body: { organization: organization(paramOf(asked, "organization")) } }),
  },
  {
    method: "POST",
    path: "/api/v1/builds",
    action: "begin build",
    answer: (asked) => {
      asked.world.app(bodyOf(asked, newBuild).app_name);
      return { body: { id: 1, status: "started", wallclock_time_ms: 0 } };
    },
  },
  {
    method: "POST",
    path: "/api/v1/builds/finish",
    action: "finish build",
    answer: (asked) => {
      const { build_id: id, status } = bodyOf(asked, finished);
      return { body: { id, status, wallclock_time_ms: 0 } };
    },
  },
  {
    method: "GET",
    path: "/api/v1/apps/{app}/releases",
    action: "list releases",
    answer: (asked) => {
      const { releases } = asked.world.app(paramOf(asked, "app"));
      const limit = Number(asked.query.get("limit") ?? 50);
      return { body: { releases: releases.all.slice(0, limit).map((one) => viewOf(asked, one)) } };
    },
  },
  {
    method: "GET",
    path: "/api/v1/apps/{app}/releases/current",
    action: "list releases",
    answer: (asked) => {
      const [newest] = asked.world.app(paramOf(asked, "app")).releases.all;
      if (!newest) throw refuse(404, "release not found");
      return { body: viewOf(asked, newest) };
    },
  },
  {
    method: "POST",
    path: "/api/v1/releases",
    action: "write release",
    answer: (asked) => {
      const { app_name: app, image, strategy, definition } = bodyOf(asked, newRelease);
      const release = asked.world.app(app).releases.add({ image, strategy, definition });
      return { status: 201, body: { release: viewOf(asked, release) } };
    },
  },
  { method: "PATCH", path: "/api/v1/releases/{release}", action: "write release", answer: conclude },
  { method: "GET", path: "/api/v1/apps/{app}/logs", action: "look logs", answer: logs },
];

function graph(asked: Asked): Answer {
  const { query, variables } = bodyOf(asked, question);
  try {
    return { body: { data: answerFields(graphOf(asked.world), parseQuery(query, variables ?? {})) } };
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    return { body: { data: null, errors: [{ message: error.message, extensions: { code: "NOT_FOUND" } }] } };
  }
}

/** Unlike its creation, its change is answered without a wrapping. */
function conclude(asked: Asked): Answer {
  const id = paramOf(asked, "release");
  const releases = [...asked.world.apps.values()].flatMap((app) => app.releases.all);
  const release = releases.find((one) => one.id === id);
  if (!release) throw refuse(404, "release not found");
  release.status = bodyOf(asked, outcome).status;
  return { body: viewOf(asked, release) };
}

async function logs(asked: Asked): Promise<Answer> {
  const app = asked.world.app(paramOf(asked, "app"));
  const wanted = asked.query.get("instance");
  const machines = [...app.machines.values()].filter(({ id }) => wanted === null || id === wanted);
  // How far each machine's lines have been read: whoever reads on misses none where several write.
  const mark = new URLSearchParams(asked.query.get("next_token") ?? "");
  const timestamp = time(asked.world.now);
  const lines = machines.map(async ({ id, region, log }) => {
    const [all, seen] = [await log(), Number(mark.get(id))];
    if (all.length > 0) mark.set(id, String(all.length));
    const said = { instance: id, region, level: "info", timestamp, meta: { instance: id } };
    return all.slice(seen).map((message, at) => ({
      id: `${id}-${seen + at}`,
      attributes: { message, ...said },
    }));
  });
  const data = (await Promise.all(lines)).flat();
  return { body: { data, meta: { next_token: String(mark) } } };
}

function viewOf({ world }: Asked, release: Release): Record<string, unknown> {
  const { id, version, status, strategy, image, createdAt } = release;
  return {
    id,
    version,
    stable: true,
    in_progress: status === "running",
    status,
    strategy,
    user: world.options.owner,
    created_at: time(createdAt),
    image_ref: image,
  };
}

/** Here the number of an organization is a number. */
function organization(slug: string): Record<string, unknown> {
  return {
    id: slug,
    internal_numeric_id: 1,
    slug,
    raw_slug: slug,
    name: slug,
    paid_plan: true,
    personal: false,
    billable: true,
    billing_status: "CURRENT",
    provisions_beta_extensions: false,
    remote_builder_image: "",
  };
}
