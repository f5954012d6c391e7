export { listEncounters } from "./store";
export type { Combatant, Encounter } from "./encounter";
export { encounterRoutes } from "./routes";
