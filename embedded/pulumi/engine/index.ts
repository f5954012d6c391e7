export { runOperation, type OperationOptions, type OperationResult } from "./operation";
