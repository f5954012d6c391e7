export { connect, type ConnectOptions } from "./connect";
export { connectionFailure, refusesLogin } from "./errors";
export { connectionString, withLogin } from "./connection-string";
export { opsDatabaseName, type DatabaseAddress, type DatabaseRole } from "./contract";
export { loginOf, stackKey, useStackKey, withStackLogin, type Login, type StackKey } from "./stack-key";
export { localCredentialsFile, readLocalCredentials, type LocalCredentials } from "./local-credentials";
export { openDirect, type DirectConnection } from "./wire";
