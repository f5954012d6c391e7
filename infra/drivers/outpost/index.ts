export {
  atPlace,
  carriedAt,
  carriedHere,
  carriedOut,
  carriedWithDatabase,
  carriedWork,
  type CarriedOptions,
} from "./carried";
export { knowFarClient, openDatabasesBy } from "./far-databases";
export { outpostVariable, type Exchange, type FindOutpost, type FlyWay, type OutpostPlace } from "./contract";
export { outpostEnded } from "./errors";
export { leadsAway, outpostAt, useOutposts } from "./known-outposts";
export { serveOutpost, type ServedOptions } from "./serve";
