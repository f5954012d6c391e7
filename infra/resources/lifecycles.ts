/** Every resource's lifecycle by name, loaded when the first of its kind is asked for. */
export const lifecycles: Record<string, () => unknown> = {
  LocalMongo: () => require("./local-mongo").lifecycle,
  Backup: () => require("./backup").lifecycle,
  MigrationRun: () => require("./migration-run").lifecycle,
  LocalMachines: () => require("./local-machines").lifecycle,
  LocalMonitor: () => require("./local-monitor").lifecycle,
  FlyApp: () => require("./fly-app").lifecycle,
  FlyMachines: () => require("./fly-machines").lifecycle,
  Verification: () => require("./verification").lifecycle,
  Preflight: () => require("./preflight").lifecycle,
  Restore: () => require("./restore").lifecycle,
  ReleaseRecord: () => require("./release-record").lifecycle,
};
