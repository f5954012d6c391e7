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
export type { ServedOptions } from "./serve";

/** Serves those who ask until nobody has for a while and all that ran has ended; only an outpost loads it. */
export const serveOutpost: typeof import("./serve").serveOutpost = (options) =>
  (require("./serve") as typeof import("./serve")).serveOutpost(options);
