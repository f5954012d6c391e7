export type { FlyOptions } from "./options";
export { standIn } from "./stand-in";
export { run } from "./run";
export { toml } from "./toml";
export { volumes } from "./volumes";
