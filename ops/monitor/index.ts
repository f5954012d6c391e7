export { monitor } from "./monitor";
export type { MonitorOptions } from "./options";
