export type { IncidentBeginning } from "./begun";
export {
  incidentKinds,
  type Incident,
  type IncidentKind,
  type KeptIncident,
  type TimelineEntry,
} from "./incident";
export {
  addToTimeline,
  chosenIncident,
  closeIncident,
  listIncidents,
  openIncidents,
  startIncident,
} from "./journal";
export { gatherTimeline } from "./gather";
export { KeptIncidents } from "./kept";
export { commandOf, guidedPaths, type GuidedPath, type PathStep } from "./paths";
export { progressOf, type PathProgress } from "./progress";
export { postMortem } from "./post-mortem";
export { IncidentClosedError, NewerIncidentError, NoIncidentError } from "./errors";
