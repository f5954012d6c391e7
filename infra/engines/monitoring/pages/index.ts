export { deploymentPages } from "./deployment-pages";
export type { MachineShown } from "./data/machines";
export type { Page, PagesOptions } from "./options";
