export {
  ensureMongodBinary,
  locateMongodBinary,
  type BinarySource,
  type MongodBinary,
} from "./binary/ensure";
export { isListening, startMongod, stopMongod, type MongodStart } from "./mongod-process";
export { MongodMissingError } from "./errors";
