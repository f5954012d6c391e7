export { connect, type ConnectOptions } from "./connect";
export { connectionString, withLogin } from "./connection-string";
export { opsDatabaseName, type DatabaseAddress, type DatabaseRole } from "./contract";
export { localCredentialsFile, readLocalCredentials, type LocalCredentials } from "./local-credentials";
export { openDirect, type DirectConnection } from "./wire";
