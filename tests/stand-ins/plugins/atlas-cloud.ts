import { randomBytes } from "node:crypto";
import type { MongoClient } from "mongodb";
import type { AtlasStandIn } from "../atlas";
import type { Cloud, Kind, Properties } from "./cloud";

export interface AtlasPlayedBy {
  /** The server that plays every cluster, as its administrator. */
  admin: MongoClient;
  /** Where programs reach it, without a login. */
  uri: string;
  /** The Administration API of the same account. */
  api: AtlasStandIn;
  /** When a new cluster can be used; at once unless told otherwise. */
  clusterMade?: Promise<void> | undefined;
}

interface Grant {
  roleName: string;
  databaseName: string;
}

interface Allowed {
  action: string;
  resources: { databaseName: string; collectionName: string }[];
}

/** Atlas as far as a stack uses it: its clusters are a local server, its users are really made there. */
export function atlasCloud(played: AtlasPlayedBy): Cloud {
  return {
    npmPackage: "@pulumi/mongodbatlas",
    kinds: {
      "mongodbatlas:index/project:Project": projects(played),
      "mongodbatlas:index/advancedCluster:AdvancedCluster": clusters(played),
      "mongodbatlas:index/databaseUser:DatabaseUser": users(played),
      "mongodbatlas:index/customDbRole:CustomDbRole": roles(played),
      "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList": accessList,
      "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule": {
        identity: ["projectId", "clusterName"],
      },
      "mongodbatlas:index/maintenanceWindow:MaintenanceWindow": { identity: ["projectId"] },
      "mongodbatlas:index/alertConfiguration:AlertConfiguration": {
        identity: ["projectId"],
        create: () => ({ id: randomBytes(12).toString("hex") }),
      },
      "mongodbatlas:index/auditing:Auditing": { identity: ["projectId"] },
    },
    functions: {},
  };
}

function projects({ api }: AtlasPlayedBy): Kind {
  return {
    identity: ["orgId"],
    create({ name }) {
      api.bring({ project: String(name) });
      return { id: api.project.id };
    },
    update(_id, { name }) {
      api.bring({ project: String(name) });
      return {};
    },
    delete: () => api.bring({ project: null }),
  };
}

function clusters({ uri, api, clusterMade = Promise.resolve() }: AtlasPlayedBy): Kind {
  const begun = new Map<string, Properties>();
  const outputs = { connectionStrings: { standard: uri }, clusterId: "c1", stateName: "IDLE" };
  return {
    identity: ["projectId", "name"],
    async create(inputs, cancelled) {
      refuseImpossible(inputs);
      const name = String(inputs.name);
      const tags = inputs.tags as Record<string, string>;
      if (api.cluster.name === name)
        throw new Error(`DUPLICATE_CLUSTER_NAME: there is a cluster ${name} in the project already`);
      const id = `${api.project.id}-${name}`;
      begun.set(id, inputs);
      api.bring({ cluster: { name, tags } });
      // Atlas goes on, whoever gives up waiting.
      const made = clusterMade.then(() => api.bring({ cluster: { name, tags, uri } }));
      await Promise.race([made, givenUp(cancelled)]);
      return { id, outputs };
    },
    find(id) {
      const found = begun.get(id);
      if (!found || api.cluster.name !== found.name) return undefined;
      // What is asked of the provider alone, Atlas does not know.
      const { useEffectiveFields: _own, retainBackupsEnabled: _too, ...inputs } = found;
      return { inputs, outputs };
    },
    update(_id, inputs) {
      refuseImpossible(inputs);
      return {};
    },
    delete(_id, inputs) {
      if (inputs.terminationProtectionEnabled === true)
        throw new Error("CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED");
      api.bring({ cluster: null });
    },
  };
}

function givenUp(cancelled: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    cancelled.addEventListener("abort", () => reject(new Error("context canceled")), { once: true });
  });
}

/** What Atlas answers to a tier that cannot have what is asked of it. */
function refuseImpossible(inputs: Properties): void {
  const [spec] = inputs.replicationSpecs as { regionConfigs: Properties[] }[];
  const [region] = spec?.regionConfigs ?? [];
  const size = (region?.electableSpecs as { instanceSize?: string } | undefined)?.instanceSize;
  const tenant = region?.providerName === "TENANT";
  if (tenant !== (size === "M0"))
    throw new Error(
      `INVALID_ATTRIBUTE: provider ${String(region?.providerName)} has no ${size ?? "such"} tier`,
    );
  const dedicatedOnly = ["advancedConfiguration", "pitEnabled", "mongoDbMajorVersion", "backupEnabled"];
  const asked = dedicatedOnly.find((name) => inputs[name] !== undefined);
  const dedicated = !tenant && region?.providerName !== "FLEX";
  if (!dedicated && asked) throw new Error(`TENANT_ATTRIBUTE_READ_ONLY: ${asked}`);
}

function users({ admin, api }: AtlasPlayedBy): Kind {
  const db = admin.db("admin");
  const rolesOf = (inputs: Properties) =>
    (inputs.roles as Grant[]).map(({ roleName: role, databaseName: of }) => ({ role, db: of }));
  return {
    identity: ["projectId", "username", "authDatabaseName"],
    async create(inputs) {
      const { username, password } = inputs as { username: string; password: string };
      await db.command({ createUser: username, pwd: password, roles: rolesOf(inputs) });
      api.users.add(username);
      return { id: `${String(inputs.projectId)}-${username}-admin` };
    },
    async update(_id, inputs) {
      await db.command({ updateUser: inputs.username, pwd: inputs.password, roles: rolesOf(inputs) });
      return {};
    },
    async delete(_id, { username }) {
      await db.command({ dropUser: username });
      api.users.delete(String(username));
    },
  };
}

/** Roles of a project's own, which Atlas keeps in `admin` of every cluster. */
function roles({ admin }: AtlasPlayedBy): Kind {
  const db = admin.db("admin");
  return {
    identity: ["projectId", "roleName"],
    async create(inputs) {
      await db.command({ createRole: inputs.roleName, privileges: privilegesOf(inputs), roles: [] });
      return { id: `${String(inputs.projectId)}-${String(inputs.roleName)}` };
    },
    async update(_id, inputs) {
      await db.command({ updateRole: inputs.roleName, privileges: privilegesOf(inputs) });
      return {};
    },
    async delete(_id, { roleName }) {
      await db.command({ dropRole: roleName });
    },
  };
}

/** Atlas writes CREATE_INDEX for what the server calls createIndex. */
function privilegesOf(inputs: Properties) {
  return (inputs.actions as Allowed[]).flatMap(({ action, resources }) => {
    const own = action.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return resources.map(({ databaseName: db, collectionName: collection }) => ({
      resource: { db, collection },
      actions: [own],
    }));
  });
}

const accessList: Kind = {
  identity: ["projectId", "cidrBlock", "ipAddress", "awsSecurityGroup", "comment"],
  create({ projectId, cidrBlock, ipAddress }) {
    const entry = String(cidrBlock ?? ipAddress);
    if (!/^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/.test(entry))
      throw new Error(`ATLAS_INVALID_IP_OR_CIDR: ${entry}`);
    return { id: `${String(projectId)}-${entry}` };
  },
};
