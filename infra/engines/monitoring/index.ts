export { isVerdict, figureUnits, type Figure, type FigureName } from "./figure";
export { beat, beatOnce, heartbeats, type Heartbeat } from "./heartbeats";
export { releasesSince, type JournalEntry } from "./journal";
export { Leadership, monitorLeaseMs, type Standing } from "./leadership";
export { giveLeaseBack, holdLease, type LeaseDocument } from "./lease";
export { doraFigures, median, type DoraFigures } from "./dora";
export {
  archivesProbe,
  catalogEntries,
  certificateProbe,
  databaseProbe,
  diskProbe,
  forgetGone,
  freshnessProbe,
  lookAll,
  machinesProbe,
  migrationsProbe,
  releasesProbe,
  serviceProbe,
  steady,
  type Beliefs,
  type Looks,
  type MachineAddress,
  type MachineHealth,
  type Probe,
  type ServiceWish,
} from "./probes";
