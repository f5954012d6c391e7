export { whyNotDatabase, whyNotFolder, whyNotPort } from "./allowed";
export { ensureLocalMongo, type LocalMongoServer, type LocalMongoWanted } from "./ensure";
export { observeLocalMongo, type Observed } from "./observe";
export { stopLocalMongo } from "./stop";
export { withThrowAwayServer, type ThrowAwayWanted } from "./throw-away";
