export { atDatabase, type Connected } from "./at-database";
export { connect, sharedConnection, type ConnectOptions } from "./connect";
export { keepConnections } from "./shared-client";
export { openLazily, type LazyOptions } from "./open-lazily";
export { connectionFailure, isBrokenConnection, refusesLogin } from "./errors";
export { connectionString, withLogin } from "./connection-string";
export { opsDatabaseName, type DatabaseAddress, type DatabaseRole } from "./contract";
export {
  knownStackKey,
  loginOf,
  stackKey,
  useStackKey,
  withStackLogin,
  type Login,
  type StackKey,
} from "./stack-key";
export {
  localCredentialsFile,
  localCredentialsSchema,
  readLocalCredentials,
  type LocalCredentials,
} from "./local-credentials";
export { dialPrimary, openDirect, type DirectConnection } from "./wire";
