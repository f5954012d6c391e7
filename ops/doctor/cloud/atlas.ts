import { AtlasNotFound, type AtlasApi, type AtlasRole } from "../../../infra/drivers/atlas-api";
import type { AtlasSettings } from "../../../stacks/database-settings";
import type { Settings } from "../../../stacks/settings";
import { atlasProject } from "../../../stacks/snapshot-settings";
import { missing, ok, warning, type Finding } from "../finding";
import { looked, patienceMs } from "./looked";

const orgRoles = ["ORG_OWNER", "ORG_GROUP_CREATOR"];
/** Unless Atlas was asked for more. */
const projectsAtMost = 250;
const clustersLimit = "atlas.project.deployment.clusters";

interface Place {
  api: AtlasApi;
  orgId: string;
  /** Undefined where it is not made yet. */
  project: { id: string; name: string } | undefined;
  signal: AbortSignal;
}

/** Whether project and cluster can be made or changed at Atlas: credentials, rights, quota, and the tier in the region. */
export function examineAtlas(
  settings: Settings,
  database: AtlasSettings,
  env: NodeJS.ProcessEnv,
): Promise<Finding[]> {
  return looked("Atlas credentials", async () => {
    const { atlasApiOf } =
      require("../../../infra/drivers/atlas-api") as typeof import("../../../infra/drivers/atlas-api");
    const api = atlasApiOf(env);
    const { orgId } = database;
    if (!orgId)
      return [
        missing(
          "database.orgId",
          "is not set",
          "Set it to the id that Atlas shows in the organization's settings.",
        ),
      ];
    if (orgId.startsWith("platform:"))
      return [ok("Atlas", `the organization is known to the stack ${settings.platform ?? ""} alone`)];
    const signal = AbortSignal.timeout(patienceMs);
    const organization = await organizationFinding(api, orgId, signal);
    if (organization.status === "missing") return [organization];
    const place = { api, orgId, project: await projectAt(api, atlasProject(settings), signal), signal };
    return [
      organization,
      ...givenProject(settings, database, place),
      await rightsFinding(place),
      ...(await looked("Atlas quota", async () => [await quotaFinding(place)])),
      ...(await looked("database.tier", () => tierFinding(place, database))),
    ];
  });
}

async function organizationFinding(api: AtlasApi, orgId: string, signal: AbortSignal): Promise<Finding> {
  try {
    const { name } = await api.account.organization(orgId, signal);
    return ok("Atlas credentials", `of a member of the organization ${name}`);
  } catch (error) {
    if (!(error instanceof AtlasNotFound)) throw error;
    const remedy = "Set database.orgId to the id that Atlas shows in the organization's settings.";
    return missing("database.orgId", `the credentials know no organization ${orgId}`, remedy);
  }
}

async function projectAt(api: AtlasApi, name: string, signal: AbortSignal) {
  try {
    return await api.project(name, { signal });
  } catch (error) {
    if (error instanceof AtlasNotFound) return undefined;
    throw error;
  }
}

/** A project that is there is found by its name, whatever its id. */
function givenProject(settings: Settings, { projectId }: AtlasSettings, { project }: Place): Finding[] {
  if (projectId === undefined) return [];
  const name = atlasProject(settings);
  const remedy = "Set database.project to the name that Atlas shows for the project of database.projectId.";
  if (project === undefined) return [missing("database.project", `there is no project ${name}`, remedy)];
  if (projectId.startsWith("platform:") || project.id === projectId) return [];
  return [missing("database.project", `${name} is ${project.id}, not database.projectId`, remedy)];
}

/** Who makes the project becomes its owner; in one that is there somebody must have made the caller that. */
async function rightsFinding({ api, orgId, project, signal }: Place): Promise<Finding> {
  const what = "Atlas rights";
  const roles = await api.account.roles({ orgId, projectId: project?.id }, signal);
  if (roles === undefined)
    return warning(
      what,
      "Atlas does not tell who calls what they may do",
      "Give them the role Organization Owner, or Organization Project Creator, in Atlas under Organization Access.",
    );
  const has = (role: string, of: Partial<AtlasRole>) =>
    roles.some(
      ({ roleName, orgId: org, groupId }) =>
        roleName === role && (of.orgId ?? of.groupId) === (of.orgId ? org : groupId),
    );
  if (has("ORG_OWNER", { orgId })) return ok(what, "Organization Owner");
  if (project === undefined) {
    if (orgRoles.some((role) => has(role, { orgId })))
      return ok(what, "Organization Project Creator, and so owner of what it makes");
    return missing(
      what,
      "the project is not there, and whoever calls may make none",
      "Give them the role Organization Project Creator, in Atlas under Organization Access.",
    );
  }
  if (has("GROUP_OWNER", { groupId: project.id })) return ok(what, `Project Owner of ${project.name}`);
  return missing(
    what,
    `whoever calls is no owner of the project ${project.name}`,
    `Give them the role Project Owner, in Atlas under Project Access of ${project.name}.`,
  );
}

async function quotaFinding({ api, orgId, project, signal }: Place): Promise<Finding> {
  const what = "Atlas quota";
  const remedy = "Ask Atlas' support for more, or remove what nobody uses.";
  if (project === undefined) {
    const { count } = await api.account.projects(orgId, signal);
    const found = `${count} of ${projectsAtMost} projects`;
    return count >= projectsAtMost
      ? missing(what, `${found}: there is room for none`, remedy)
      : ok(what, found);
  }
  const clusters = (await api.account.limits(project.id, signal)).find(({ name }) => name === clustersLimit);
  if (clusters?.currentUsage === undefined) return ok(what, `the project ${project.name} is there`);
  const found = `${clusters.currentUsage} of ${clusters.value} clusters in ${project.name}`;
  // A cluster that is there needs no more room.
  const own = await api.cluster(project.id, project.name, { signal }).catch(() => undefined);
  return clusters.currentUsage >= clusters.value && !own
    ? missing(what, `${found}: there is room for none`, remedy)
    : ok(what, found);
}

/** Any project of an organization can be asked where a tier is to be had. */
async function tierFinding(
  { api, orgId, project, signal }: Place,
  database: AtlasSettings,
): Promise<Finding[]> {
  const { tier, region, version } = database;
  const what = "database.tier";
  const dedicated = tier !== "M0" && tier !== "FLEX";
  const ofTenants = dedicated
    ? []
    : [
        warning(
          "database.version",
          `Atlas itself chooses the server's version of ${tier}, not database.version (${version})`,
          "Compare `dnd check` of all stacks: one version everywhere is safer; M10 and larger take the one that is set.",
        ),
      ];
  const asked = project ?? (await api.account.projects(orgId, signal)).projects[0];
  if (asked === undefined)
    return [
      ok(what, `${tier} in ${region}: Atlas tells where it is to be had once there is a project`),
      ...ofTenants,
    ];
  const regions = await api.account.regions(asked.id, tier, signal);
  if (regions.length === 0 || regions.includes(region))
    return [ok(what, `${tier} in ${region}`), ...ofTenants];
  return [
    missing(
      what,
      `${tier} is not to be had in ${region}`,
      `Choose another tier, or set database.region to one of ${regions.join(", ")}.`,
    ),
    ...ofTenants,
  ];
}
