export type { FlyOptions } from "./options";
export { standIn } from "./stand-in";
