export type { DatabaseAddress } from "../drivers/mongo";
export { Backup } from "./backup";
export { LocalMachines } from "./local-machines";
export { LocalMongo } from "./local-mongo";
export { MigrationRun } from "./migration-run";
export { Preflight } from "./preflight";
export { ReleaseRecord } from "./release-record";
export { Verification } from "./verification";
export { localObservers } from "./observers";
