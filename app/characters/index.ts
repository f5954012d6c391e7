export { hitPoints, type Character } from "./character";
export { listCharacters } from "./store";
export { characterRoutes } from "./routes";
