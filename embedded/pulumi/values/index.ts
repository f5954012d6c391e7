export { withAssetHashes } from "./assets";
export { fromStruct, toStruct } from "./struct";
export { diffProperties, topKeys, type ChangeKind } from "./property-diff";
export { coversPath, parsePath, resetPath } from "./property-path";
export {
  holdsSecret,
  holdsUnknown,
  isObject,
  isSecret,
  isUnknown,
  mapProperties,
  markSecrets,
  sameValue,
  withoutReferences,
  withoutSecrets,
  wrapSecret,
} from "./property-value";
