export { begunCluster, type BegunClusterOptions, type BegunClusterWish } from "./begun-cluster";
export { awaitLogins, enter, type EnterOptions, type Leave } from "./enter";
export { usersMade } from "./users-made";
export { addressIn, observeCluster, type ClusterPlace, type ClusterSeen } from "./observe-cluster";
