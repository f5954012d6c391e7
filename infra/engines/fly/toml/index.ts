export { parseFlyToml, readFlyToml, wishOfToml, type TomlWish } from "./read-fly-toml";
export type { FlyToml } from "./schema";
export { writeFlyToml } from "./write-fly-toml";
