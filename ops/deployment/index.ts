export { DeploymentManager } from "./deployment-manager";
export type { DeploymentConfig, DeploymentSurroundings, RollbackOptions } from "./options";
export type * from "./results";
