export { monitoringRoutes } from "./routes";
export { sendRequestFigures } from "./request-figures";
