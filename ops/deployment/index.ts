export { DeploymentManager } from "./deployment-manager";
export type { DeploymentConfig, DeploymentSurroundings, RollbackOptions } from "./options";
export type {
  BackupResult,
  DeploymentEvent,
  DeploymentResult,
  FullDeploymentResult,
  MigrationResult,
  Outcome,
  RollbackResult,
  ValidationResult,
  VerificationResult,
} from "./results";
