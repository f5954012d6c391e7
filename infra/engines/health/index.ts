export { healthHandlers, type HealthHandler, type HealthHandlers, type HealthOptions } from "./handlers";
