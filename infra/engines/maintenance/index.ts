export {
  ensurePass,
  maintenanceNow,
  markAnnounced,
  setMaintenance,
  settleMaintenance,
  type Maintenance,
  type MaintenanceWish,
} from "./switch";
export { maintenanceGate, passHeader, type GateOptions } from "./gate";
export { closeAfterRelease, openForRelease, type ReleaseMaintenance } from "./pipeline";
export { requireAddresses } from "./allowed";
export { NewerSwitchError, WrongAddressError } from "./errors";
