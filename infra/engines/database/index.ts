export { ensureLocalMongo, type LocalMongoServer, type LocalMongoWanted } from "./ensure";
export { observeLocalMongo, type Observed } from "./observe";
export { stopLocalMongo } from "./stop";
