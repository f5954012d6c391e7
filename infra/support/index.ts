export { anySignal, listenWithMany } from "./any-signal";
export { builtImageReference, type ImageSources } from "./built-image";
export { connectionsFit, connectionsNeeded, poolOfMachine } from "./connection-budget";
export { OperatorError, messageOf, type ErrorDetails, type ErrorKind } from "./operator-error";
export { Secret } from "./secret";
export { DeadlineError, longestTimerMs, waitFor, withDeadline, type WaitOptions } from "./wait";
export { isOfRestore, keptName, restoreJournal, shadowName } from "./restore-names";
export { retry, type RetryOptions } from "./retry";
export { formatDuration, formatSize, parseDuration } from "./quantity";
export { cacheFolder, localFolder, projectRoot } from "./places";
export { silent, type Progress } from "./progress";
export { smallRequest, type SmallAnswer, type SmallRequest } from "./small-request";
export { systemClock, type Clock } from "./clock";
export { checkoutCommit } from "./checkout-commit";
export { folderFingerprint } from "./folder-fingerprint";
export { jsonOf, retryAfter, whyNoAnswer } from "./http-answers";
export {
  isMaintenanceByHand,
  maintenanceState,
  usualMaintenanceMessage,
  type SwitchTimes,
} from "./maintenance";
export { leaveWord, readWord, wordFile } from "./word";
export { Markup, html } from "./markup";
