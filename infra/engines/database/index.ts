export { whyNotDatabase, whyNotFolder, whyNotPort } from "./allowed";
export { ensureLocalMongo, type LocalMongoServer, type LocalMongoWanted } from "./ensure";
export { observeLocalMongo, type Observed } from "./observe";
export { beginLoginRotation, endLoginRotation, formerUsers, type LoginRotation } from "./rotate-logins";
export { stopLocalMongo } from "./stop";
export { withThrowAwayServer, type ThrowAwayWanted } from "./throw-away";
