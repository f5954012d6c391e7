export type { BinarySource, MongodBinary } from "./binary/contract";
export { ensureMongodBinary, locateMongodBinary, type EnsureBinaryOptions } from "./binary/ensure";
export { isListening, startMongod, stopMongod, type MongodStart } from "./mongod-process";
export { MongodMissingError } from "./errors";
