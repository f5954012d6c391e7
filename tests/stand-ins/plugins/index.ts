export { accountId, awsCloud } from "./aws-cloud";
export { atlasCloud, type AtlasPlayedBy } from "./atlas-cloud";
export type { Cloud, Deed, Fault, Kind, Properties } from "./cloud";
export { DeclaredTypes } from "./declared-types";
export { PluginStandIn } from "./plugin";
export { misfitsOf } from "./shape";
