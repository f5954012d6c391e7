export { withFileLock, type FileLockOptions, type LockHolder } from "./file-lock";
export { readJson } from "./read-json";
export { syncFolder, writeAtomically, type WriteOptions } from "./write-atomically";
