export { readFlyToml, type TomlWish } from "./read-fly-toml";
