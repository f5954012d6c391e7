export { answeringPreflights, crossOriginHeaders } from "./cross-origin";
export { answerTo } from "./failure";
export { HttpProblem, accept, notFound } from "./problem";
export { router, type Handler, type Route, type Visit } from "./routes";
export { listener, type ListenerOptions } from "./listener";
export { requestLimit } from "./request-limit";
export { readJsonBody } from "./body";
