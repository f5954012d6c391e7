export { pageRoutes } from "./routes";
