export { answerTo } from "./failure";
export { HttpProblem, accept, notFound } from "./problem";
export { router, type Handler, type Route, type Visit } from "./routes";
export { listener, type ListenerOptions } from "./listener";
export { readJsonBody } from "./body";
