export { deploymentPages } from "./deployment-pages";
export type { Page, PagesOptions } from "./options";
export type { Dora, MachineShown, Point, SeriesReader } from "./data/seams";
