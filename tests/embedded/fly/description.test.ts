import { judge } from "./description/collect";
import { deviations } from "./description/deviations";
import { operationOf, textOf } from "./description/model";
import { ownTable } from "./description/own-table";
import { published } from "./description/published";
import { openStandIn, plainConfig } from "./open";

test("every known deviation of the stand-in is one that a client needs", async () => {
  const { api, fly, clock } = await openStandIn({ rateLimits: false });
  const raw = (method: string, path: string, body?: unknown) =>
    fly.fetch(`http://fly.test/v1${path}`, {
      method,
      headers: { authorization: "Bearer test" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  await api.apps.create({ name: "other", org_slug: "guild", idempotency_key: "k" });
  await raw("POST", "/apps?wait=true", { name: "tool", org_slug: "guild", app_role_id: "" });
  await raw("GET", "/apps?org_slug=guild&limit=1");
  await raw("GET", "/apps?org_slug=guild&cursor=other");
  await api.apps.get("web");
  const services = [{ protocol: "tcp", internal_port: 8080, autostop: "stop" as const }];
  const { id } = await api.machines.create("web", { config: { ...plainConfig, services } });
  await api.machines.create("web", { config: plainConfig });
  await clock.advance(1000);
  await api.leases.acquire("web", id, { ttlSeconds: 1 });
  await raw("GET", "/apps/web/machines?include_leases=true");
  await raw("GET", "/apps/web/machines?limit=1");
  await raw("GET", `/apps/web/machines?cursor=${id}`);
  await api.machines.list("web", { metadata: { mark: "none" } });
  await raw("GET", "/orgs/guild/machines");
  await clock.advance(1000);
  await raw("POST", `/apps/web/machines/${id}/stop`, { id, timeout: "0s" });
  await clock.advance(1000);
  await api.machines.start("web", id);
  await clock.advance(1000);
  await raw("POST", `/apps/web/machines/${id}/signal`, { signal: 9 });
  await raw("DELETE", `/apps/web/machines/${id}?kill=true`);
  await raw("GET", "/apps/web/secrets?version=0");
  await api.addresses.assign("web", { type: "private_v6" });
  await api.platform.regions();

  const { unknown, seen } = judge(fly.requests);
  expect(unknown).toEqual([]);
  expect(deviations.map(({ what }) => what).filter((what) => !seen.has(what))).toEqual([]);
});

test("the project's own table says what the published description says", () => {
  const description = published();
  if (!description) return void process.stderr.write("not compared: FLY_OPENAPI names no description\n");
  const own = ownTable();
  const differing = [...own.types].flatMap(([name, fields]) =>
    [...fields].flatMap(([field, type]) => {
      const told = description.types.get(name)?.get(field);
      // The table says "any" for what nothing here looks into.
      if (told && (textOf(type) === textOf(told) || textOf(type).startsWith("any"))) return [];
      return [`${name}.${field}: ${textOf(type)} here, ${told ? textOf(told) : "nothing"} there`];
    }),
  );
  expect(differing).toEqual([]);
  for (const { method, path, query, asks, gives } of own.operations) {
    const there = operationOf(description, method, path.replaceAll("{}", "x"));
    expect({ method, path, query: there?.query, asks: there?.asks, gives: there?.gives }).toEqual({
      method,
      path,
      query,
      asks,
      gives,
    });
  }
});
