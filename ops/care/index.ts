export { lookAtDatabase, type DatabaseSeen } from "./look";
export { indexes, type IndexesOptions } from "./indexes";
