/** Where the API is known to differ from its published description, and the stand-in with it. */
export interface Deviation {
  /** In the words of the comparison. */
  what: string;
  why: string;
}

const newer = "the newer description has it (1.2)";

export const deviations: readonly Deviation[] = [
  { what: "POST /apps: gives no body", why: "the newer description gives {id, created_at} (1.2)" },
  { what: "POST /apps: ?wait is unknown", why: "Fly's own tool sends it (1.3)" },
  { what: "CreateAppRequest.app_role_id: is unknown", why: "Fly's own tool sends it (1.3)" },
  { what: "CreateAppRequest.idempotency_key: is unknown", why: newer },
  { what: "GET /apps: ?limit is unknown", why: newer },
  { what: "GET /apps: ?cursor is unknown", why: newer },
  { what: "ListAppsResponse.next_cursor: is unknown", why: newer },
  { what: "App.cname_target: is unknown", why: "clients read it where the app's address is shown (2)" },
  { what: "Machine.version: is unknown", why: newer },
  { what: "Machine.cordoned: is unknown", why: newer },
  { what: "Machine.lease: is unknown", why: newer },
  { what: "GET /apps/{}/machines: ?limit is unknown", why: newer },
  { what: "GET /apps/{}/machines: ?cursor is unknown", why: newer },
  { what: "GET /apps/{}/machines: ?include_leases is unknown", why: newer },
  { what: "GET /apps/{}/machines: ?metadata.* is unknown", why: newer },
  {
    what: "MachineService.autostop: is boolean, not string",
    why: "off and stop travel as false and true (1.3)",
  },
  { what: "DELETE /apps/{}/machines/{}: ?kill is unknown", why: "Fly's own tool says kill for force (1.3)" },
  {
    what: "POST /apps/{}/machines/{}/start: gives no body",
    why: "Fly's own tool reads the previous state from it (8)",
  },
  { what: "StopRequest.id: is unknown", why: "Fly's own tool names the machine once more (1.3)" },
  { what: "SignalRequest.signal: is int, not string", why: "Fly's own tool kills with the number 9 (1.3)" },
  { what: "POST /apps/{}/machines/{}/lease: ?ttl is unknown", why: "clients send it in the query (1.3)" },
  { what: "Lease.status: is unknown", why: "clients expect the lease wrapped (1.3)" },
  { what: "Lease.data: is unknown", why: "clients expect the lease wrapped (1.3)" },
  {
    what: "GET /apps/{}/secrets: ?version is unknown",
    why: "Fly's own tool says version for min_version (1.3)",
  },
  { what: "IPAssignment.type: is unknown", why: newer },
  { what: "IPAssignment.network: is unknown", why: newer },
  { what: "regionResponse.Regions: is unknown", why: "written with a capital letter (1.3)" },
  { what: "regionResponse.Nearest: is unknown", why: "written with a capital letter (1.3)" },
];
