import { atlasApiOf } from "../../../../infra/drivers/atlas-api";
import { AtlasStandIn, projectId } from "../../../stand-ins/atlas";

let atlas: AtlasStandIn;
const { signal } = new AbortController();

beforeAll(async () => {
  atlas = await AtlasStandIn.open();
});
afterAll(() => atlas.close());

const rolesOf = (kind: "keys" | "service-account", of: { orgId: string; projectId?: string }) =>
  atlasApiOf(atlas.environment(kind)).account.roles(of, signal);

test("a pair of keys is told all its roles at once", async () => {
  atlas.roles = [{ roleName: "ORG_MEMBER", orgId: "org-1" }];
  expect(await rolesOf("keys", { orgId: "org-1" })).toEqual(atlas.roles);
});

test("a service account has some in the organization and others in a project, or none there", async () => {
  const member = { roleName: "ORG_MEMBER", orgId: "org-1" };
  const owner = { roleName: "GROUP_OWNER", groupId: projectId };
  atlas.roles = [member, owner];
  expect(await rolesOf("service-account", { orgId: "org-1" })).toEqual([member]);
  expect(await rolesOf("service-account", { orgId: "org-1", projectId })).toEqual([member, owner]);
  atlas.roles = [member];
  expect(await rolesOf("service-account", { orgId: "org-1", projectId })).toEqual([member]);
  expect(atlas.seen.at(-1)?.accept).toBe("application/vnd.atlas.2024-08-05+json");
});

test("who may not ask is told nothing, which is not the same as having no role", async () => {
  atlas.roles = undefined;
  expect(await rolesOf("service-account", { orgId: "org-1" })).toBeUndefined();
});
