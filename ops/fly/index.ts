export type { FlyOptions } from "./options";
export { standIn } from "./stand-in";
export { toml } from "./toml";
export { volumes } from "./volumes";
