export { expressRoute } from "./express";
export { fastifyRoute } from "./fastify";
export { nextRoute } from "./next";
export { healthPaths, plainHealth, type PlainOptions } from "./plain";
