export type { AttributeValue, Span, TracesPlace } from "./contract";
export { tracesPlace } from "./place";
export { requestOf, sendSpans } from "./send-spans";
