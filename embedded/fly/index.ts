export { FlyStandIn, type StandInOptions } from "./stand-in";
export { FakeClock } from "./fake-clock";
export type { RequestSeen } from "./dispatch";
export type { Fault, Harm, SeenRequest } from "./faults/fault";
export { ScriptedRuntime, type Script, type ScriptedCheck, type ScriptFor } from "./runtime/scripted";
export type { Machine } from "./world/machine";
export { ProcessRuntime, type ProcessRuntimeOptions } from "./runtime/processes";
export { imagesOf, type FindImage, type ImageProgram } from "./runtime/program";
