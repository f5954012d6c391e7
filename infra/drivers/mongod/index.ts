export type { BinarySource, MongodBinary } from "./binary/contract";
export { ensureMongodBinary, locateMongodBinary, type EnsureBinaryOptions } from "./binary/ensure";
export { MongodMissingError } from "./errors";
export { endWithMe } from "./process/end-with-me";
export { notServing } from "./process/failure";
export { rotateLog, sizeOfLog } from "./process/log";
export { probeMongod, type FoundMongod } from "./process/probe";
export { startMongod, type MongodStart } from "./process/start";
export { stopMongod } from "./process/stop";
