import { z } from "zod";
import { refuse, refusePlainly } from "../refusal";
import type { FlyApp } from "../world/fly-app";
import { bodyOf, paramOf, type Answer, type Asked, type Route } from "./route";

const creation = z.looseObject({
  // Fly's own tool says app_name in the body of older calls.
  name: z.string().min(1).optional(),
  app_name: z.string().min(1).optional(),
  org_slug: z.string().min(1),
  network: z.string().optional(),
  idempotency_key: z.string().optional(),
});

export const appRoutes: Route[] = [
  { method: "GET", path: "/v1/apps", action: "list apps", answer: list },
  { method: "POST", path: "/v1/apps", action: "create app", answer: create },
  {
    method: "GET",
    path: "/v1/apps/{app}",
    action: "look app",
    answer: (asked) => ({ body: viewOfApp(asked.world.app(paramOf(asked, "app"))) }),
  },
  {
    method: "DELETE",
    path: "/v1/apps/{app}",
    action: "delete app",
    answer: (asked) => {
      asked.world.removeApp(asked.world.app(paramOf(asked, "app")));
      return { status: 202 };
    },
  },
];

export function viewOfApp(app: FlyApp): Record<string, unknown> {
  const { organization, network, name } = app.record;
  return {
    id: app.id,
    internal_numeric_id: app.number,
    name,
    status: app.status,
    network,
    machine_count: app.living.length,
    volume_count: app.volumes.size,
    organization: { name: organization, slug: organization, internal_numeric_id: 1 },
    cname_target: `${app.id.slice(0, 7)}.${name}.fly.dev`,
  };
}

function list({ query, world }: Asked): Answer {
  const slug = query.get("org_slug");
  if (slug === null) throw refusePlainly(400, "org_slug is required");
  refuseUnknown(slug, world.options.organizations);
  const apps = [...world.apps.values()].filter((app) => app.record.organization === slug);
  const names = apps.sort((a, b) => (a.name < b.name ? -1 : 1));
  const from = query.get("cursor");
  const rest = from === null ? names : names.filter(({ name }) => name > from);
  const page = query.has("limit") ? rest.slice(0, Number(query.get("limit"))) : rest;
  const next = rest.length > page.length ? page.at(-1)?.name : undefined;
  return {
    body: { total_apps: apps.length, apps: page.map(viewOfApp), ...(next ? { next_cursor: next } : {}) },
  };
}

function refuseUnknown(organization: string, known: readonly string[] | undefined): void {
  if (known && !known.includes(organization)) throw refusePlainly(404, "organization not found");
}

function create(asked: Asked): Answer {
  const { world } = asked;
  const wish = bodyOf(asked, creation);
  const name = wish.name ?? wish.app_name;
  if (name === undefined) throw refusePlainly(400, "name is required");
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) {
    throw refusePlainly(422, "name may only contain small letters, numbers and dashes");
  }
  refuseUnknown(wish.org_slug, world.options.organizations);
  const network = wish.network ?? "default";
  const existing = world.apps.get(name);
  if (existing) {
    const { record } = existing;
    const same = record.organization === wish.org_slug && record.network === network;
    if (wish.idempotency_key === undefined || record.idempotencyKey !== wish.idempotency_key) {
      throw refuse(422, "Validation failed: Name has already been taken", { status: "name_taken" });
    }
    if (!same) throw refuse(422, "idempotency_key was used for another request", { status: "unknown" });
    return { status: 201, body: createdView(existing) };
  }
  const idempotencyKey = wish.idempotency_key;
  const app = world.addApp({ name, organization: wish.org_slug, network, idempotencyKey });
  return { status: 201, body: createdView(app) };
}

/** Its id and time, as the newer description has it, and with them the app, which Fly's own tool reads here. */
function createdView(app: FlyApp): Record<string, unknown> {
  return { ...viewOfApp(app), created_at: app.createdAt };
}
