export { releaseRows, type ReleaseRow } from "./release-rows";
export { targets, weeklySummary, type TargetLine, type WeekOf, type WeeklySummary } from "./weekly";
