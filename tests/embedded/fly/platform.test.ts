import { openStandIn, plainConfig, type Opened } from "./open";

let opened: Opened;
beforeEach(async () => {
  opened = await openStandIn({ rateLimits: false, organizations: ["guild"] });
});

async function ask(method: string, path: string, body?: unknown) {
  const answer = await opened.fly.fetch(`http://fly.test/v1${path}`, {
    method,
    headers: { authorization: "Bearer test-token" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
}

test("the memory of a machine has a limit, which is at most what it has", async () => {
  const config = { ...plainConfig, guest: { cpu_kind: "shared", cpus: 1, memory_mb: 512 } };
  const { id } = await opened.api.machines.create("web", { config });
  const path = `/apps/web/machines/${id}/memory`;
  expect(await ask("GET", path)).toEqual({ status: 200, body: { limit_mb: 512, available_mb: 512 } });
  expect(await ask("PUT", path, { limit_mb: 300 })).toMatchObject({ body: { limit_mb: 300 } });
  expect(await ask("GET", path)).toMatchObject({ body: { limit_mb: 300, available_mb: 512 } });
  expect((await ask("PUT", path, { limit_mb: 513 })).status).toBe(400);
  expect(await ask("POST", `${path}/reclaim`, { amount_mb: 64 })).toMatchObject({ body: { actual_mb: 64 } });
});

test("the volumes of an organization are those of all of its apps", async () => {
  const { api } = opened;
  await api.apps.create({ name: "other", org_slug: "guild" });
  const made = [
    await api.volumes.create("web", { name: "data", region: "iad", size_gb: 3 }),
    await api.volumes.create("other", { name: "more", region: "ams", size_gb: 1 }),
  ];
  expect(await ask("GET", "/orgs/guild/volumes")).toMatchObject({
    body: {
      volumes: [
        { app_name: "web", id: made[0]?.id, name: "data", size_gb: 3 },
        { app_name: "other", id: made[1]?.id, name: "more" },
      ],
      last_volume_id: made[1]?.id,
    },
  });
  expect(await ask("GET", "/orgs/nobody/volumes")).toMatchObject({
    body: { volumes: [], last_volume_id: "" },
  });
});

test("a token tells whose it is", async () => {
  expect(await ask("GET", "/tokens/current")).toMatchObject({
    body: { tokens: [{ org_slug: "guild", user: "operator@example.com" }] },
  });
});
