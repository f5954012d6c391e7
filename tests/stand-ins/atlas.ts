import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { AtlasGuard, clientId, clientSecret, privateKey, publicKey } from "./atlas-guard";

export interface Entry {
  ipAddress: string;
  cidrBlock?: string;
  comment: string;
  deleteAfterDate?: string;
}

export interface Fault {
  method?: string;
  /** Part of the path. */
  at?: string;
  status?: number;
  errorCode?: string;
  detail?: string;
  headers?: Record<string, string>;
  /** Does the work and then fails. */
  afterwards?: boolean;
  /** Cuts the connection in place of an answer. */
  cut?: boolean;
  /** Never answers. */
  hang?: boolean;
}

export interface Seen {
  method: string;
  path: string;
  accept: string | undefined;
  body: unknown;
}

interface BroughtCluster {
  name: string;
  /** None while it is being made. */
  uri?: string | undefined;
  tags?: Record<string, string>;
}

interface Answer {
  status: number;
  body?: unknown;
}

export const projectId = "5f0a1b2c3d4e5f6a7b8c9d0e";
const notFound = (errorCode: string): Answer => ({
  status: 404,
  body: { error: 404, errorCode, reason: "Not Found", detail: "There is none of that name." },
});

/** Atlas' Administration API with one project, played in memory; what it checks, the real one checks. */
export class AtlasStandIn {
  readonly guard = new AtlasGuard();
  readonly project: { id: string; name: string | null } = { id: projectId, name: "dnd-tracker" };
  readonly cluster = {
    id: "c1",
    name: "dnd-tracker" as string | null,
    connectionStrings: {} as { standard?: string },
    stateName: "IDLE",
    backupEnabled: true,
    tags: [] as { key: string; value: string }[],
    replicationSpecs: [
      { regionConfigs: [{ providerName: "AWS", electableSpecs: { instanceSize: "M10" as string } }] },
    ],
  };
  readonly snapshots: { id: string; description: string; retentionInDays: number; status: string }[] = [];
  readonly entries: Entry[] = [];
  /** Who may log in to the clusters. */
  readonly users = new Set<string>();
  readonly seen: Seen[] = [];
  /** What the key or the service account may do; undefined where Atlas tells nobody. */
  roles: { roleName: string; orgId?: string; groupId?: string }[] | undefined = [
    { roleName: "ORG_OWNER", orgId: "org-1" },
  ];
  readonly organization = { id: "org-1", name: "The guild" };
  /** How many projects the organization has, and clusters this one. */
  readonly used = { projects: 3, clusters: 1, clustersAtMost: 25 };
  /** Where each tier is to be had. */
  readonly regions: Record<string, string[]> = {};
  callerAddress = "203.0.113.7";
  /** So many looks at a new entry find it pending. */
  pendingLooks = 0;
  /** An addition leaves an entry that is there as it was. */
  keepsPresent = false;
  readonly #faults: Fault[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async open(): Promise<AtlasStandIn> {
    const atlas = new AtlasStandIn();
    atlas.#server.listen(0, "127.0.0.1");
    await once(atlas.#server, "listening");
    return atlas;
  }

  /** Makes the project or the cluster be another one, or none. */
  bring(change: { project?: string | null; cluster?: BroughtCluster | null }): void {
    if (change.project !== undefined) this.project.name = change.project;
    if (change.cluster === undefined) return;
    this.cluster.name = change.cluster?.name ?? null;
    const { uri, tags = {} } = change.cluster ?? {};
    this.cluster.connectionStrings = uri === undefined ? {} : { standard: uri };
    this.cluster.stateName = uri === undefined ? "CREATING" : "IDLE";
    this.cluster.tags = Object.entries(tags).map(([key, value]) => ({ key, value }));
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What a program finds in its environment. */
  environment(kind: "keys" | "service-account" = "keys"): NodeJS.ProcessEnv {
    const base = { MONGODB_ATLAS_BASE_URL: `${this.baseUrl}/` };
    return kind === "keys"
      ? { ...base, MONGODB_ATLAS_PUBLIC_KEY: publicKey, MONGODB_ATLAS_PRIVATE_KEY: privateKey }
      : { ...base, MONGODB_ATLAS_CLIENT_ID: clientId, MONGODB_ATLAS_CLIENT_SECRET: clientSecret };
  }

  /** Requests that got past the guard, the next of which that fit meet this once. */
  fail(fault: Fault): void {
    this.#faults.push(fault);
  }

  /** Whatever was to fail and was not met any more will not. */
  forgive(): void {
    this.#faults.length = 0;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    if (request.url === "/api/oauth/token") {
      const token = this.guard.token(request, body);
      const answer = token ? { access_token: token, expires_in: 3600, token_type: "Bearer" } : {};
      return reply(response, { status: token ? 200 : 401, body: answer });
    }
    if (!this.guard.admits(request)) {
      response.setHeader("www-authenticate", this.guard.challenge());
      return reply(response, { status: 401, body: { error: 401, reason: "Unauthorized" } });
    }
    const { method = "", url = "", headers } = request;
    const given = body === "" ? undefined : (JSON.parse(body) as unknown);
    this.seen.push({ method, path: url, accept: headers.accept, body: given });
    const fault = this.#faultFor(method, url);
    const answer = fault && !fault.afterwards ? undefined : this.#answer(method, url, given, headers.accept);
    if (fault) return failed(response, fault);
    return reply(response, answer ?? notFound("RESOURCE_NOT_FOUND"));
  }

  #faultFor(method: string, url: string): Fault | undefined {
    const at = this.#faults.findIndex(
      (fault) => (fault.method ?? method) === method && url.includes(fault.at ?? ""),
    );
    return at < 0 ? undefined : this.#faults.splice(at, 1)[0];
  }

  #answer(method: string, url: string, body: unknown, accept = ""): Answer {
    const path = decodeURIComponent(url.split("?")[0] ?? "");
    if (path === "/api/private/ipinfo")
      return { status: 200, body: { currentIpv4Address: this.callerAddress } };
    if (!/^application\/vnd\.atlas\.\d{4}-\d\d-\d\d\+json$/.test(accept))
      return { status: 406, body: { error: 406, errorCode: "INVALID_VERSION_DATE" } };
    const [, group] = /^\/api\/atlas\/v2\/groups\/byName\/(.+)$/.exec(path) ?? [];
    if (group !== undefined)
      return group === this.project.name
        ? { status: 200, body: this.project }
        : notFound("GROUP_NAME_NOT_FOUND");
    const account = this.#account(path, url);
    if (account) return account;
    const inProject = `/api/atlas/v2/groups/${projectId}`;
    if (!path.startsWith(inProject)) return notFound("GROUP_NOT_FOUND");
    const rest = path.slice(inProject.length);
    if (rest.startsWith("/accessList"))
      return this.#access(
        method,
        rest.slice("/accessList".length),
        body,
        new URLSearchParams(url.split("?")[1]),
      );
    if (rest === "/databaseUsers")
      return { status: 200, body: { results: [...this.users].map((username) => ({ username })) } };
    return this.#clusters(method, rest, body);
  }

  #account(path: string, url: string): Answer | undefined {
    const { organization, used, project } = this;
    if (path === "/api/atlas/v2")
      return { status: 200, body: { apiKey: this.roles && { roles: this.roles } } };
    const serviceAccount = this.#serviceAccount(path);
    if (serviceAccount) return serviceAccount;
    if (path === `/api/atlas/v2/orgs/${organization.id}`) return { status: 200, body: organization };
    if (path === `/api/atlas/v2/orgs/${organization.id}/groups`)
      return {
        status: 200,
        body: { results: [{ ...project, name: project.name ?? "another" }], totalCount: used.projects },
      };
    if (path.startsWith("/api/atlas/v2/orgs/")) return notFound("ORG_NOT_FOUND");
    if (path.endsWith("/clusters/provider/regions")) {
      const tier = new URLSearchParams(url.split("?")[1]).get("tier") ?? "";
      const availableRegions = (this.regions[tier] ?? ["US_EAST_1", "EU_WEST_1"]).map((name) => ({ name }));
      return { status: 200, body: { results: [{ instanceSizes: [{ name: tier, availableRegions }] }] } };
    }
    if (path.endsWith("/limits")) {
      const clusters = {
        name: "atlas.project.deployment.clusters",
        value: used.clustersAtMost,
        currentUsage: used.clusters,
      };
      return { status: 200, body: [clusters] };
    }
    return undefined;
  }

  /** What an organization or a project knows of the account that calls. */
  #serviceAccount(path: string): Answer | undefined {
    const [, kind, id] = /\/(orgs|groups)\/([^/]+)\/serviceAccounts\/[^/]+$/.exec(path) ?? [];
    if (kind === undefined) return undefined;
    if (!this.roles) return { status: 403, body: { error: 403, errorCode: "USER_UNAUTHORIZED" } };
    const own = this.roles.filter(({ orgId, groupId }) => (kind === "orgs" ? orgId : groupId) === id);
    if (kind === "groups" && own.length === 0) return notFound("SERVICE_ACCOUNT_NOT_FOUND");
    return { status: 200, body: { clientId, roles: own.map(({ roleName }) => roleName) } };
  }

  #clusters(method: string, path: string, body: unknown): Answer {
    const place = `/clusters/${this.cluster.name}`;
    if (path === place) return { status: 200, body: this.cluster };
    const snapshots = `${place}/backup/snapshots`;
    if (path === snapshots && method === "POST") {
      const wish = body as { description: string; retentionInDays: number };
      const snapshot = { id: randomBytes(12).toString("hex"), status: "queued", ...wish };
      this.snapshots.push(snapshot);
      return { status: 200, body: snapshot };
    }
    const found = this.snapshots.find(({ id }) => path === `${snapshots}/${id}`);
    return found ? { status: 200, body: found } : notFound("CLUSTER_NOT_FOUND");
  }

  #access(method: string, path: string, body: unknown, query: URLSearchParams): Answer {
    const size = Math.min(500, Number(query.get("itemsPerPage") ?? 100));
    const first = (Number(query.get("pageNum") ?? 1) - 1) * size;
    const page = () => ({
      status: 200,
      body: { results: this.entries.slice(first, first + size), totalCount: this.entries.length },
    });
    if (path === "" && method === "GET") return page();
    if (path === "") {
      for (const entry of body as Entry[]) {
        const at = this.entries.findIndex(({ ipAddress }) => ipAddress === entry.ipAddress);
        if (at >= 0 && this.keepsPresent) continue;
        if (at >= 0) this.entries.splice(at, 1);
        this.entries.push({ ...entry, cidrBlock: `${entry.ipAddress}/32` });
      }
      return page();
    }
    const [, address = "", status] = /^\/([^/]+)(\/status)?$/.exec(path) ?? [];
    const at = this.entries.findIndex(({ ipAddress }) => ipAddress === address);
    if (at < 0) return notFound("ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND");
    if (status) return { status: 200, body: { STATUS: this.pendingLooks-- > 0 ? "PENDING" : "ACTIVE" } };
    this.entries.splice(at, 1);
    return { status: 204 };
  }
}

function failed(response: ServerResponse, fault: Fault): void {
  if (fault.hang) return;
  if (fault.cut) {
    response.socket?.destroy();
    return;
  }
  const { status = 500, errorCode, detail, headers = {} } = fault;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  reply(response, { status, body: { error: status, errorCode, detail, reason: "as it was told to" } });
}

function reply(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
