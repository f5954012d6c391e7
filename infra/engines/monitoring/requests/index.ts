export { requestMetrics, type RequestFigures, type RequestMetrics } from "./request-metrics";
export { sendRequestMetrics, type SendingOptions } from "./send-request-metrics";
