export { listParties, type Party } from "./store";
export { partyRoutes } from "./routes";
