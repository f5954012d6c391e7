export { opsDatabaseName, type DatabaseAddress, type DatabaseRole } from "./contract";
export { connect, connectionString, open, type ConnectOptions } from "./connect";
export { ensureLocalPasswords, localPassword, passwordsLost, type LocalUser } from "./credentials";
