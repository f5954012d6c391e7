// The plan of every preview asks for the image alone: what drives processes is loaded by whoever needs it.
const loadEnsure = () => require("./ensure-machines") as typeof import("./ensure-machines");
const loadObserve = () => require("./observe-machines") as typeof import("./observe-machines");
const loadPort = () => require("./why-not-port") as typeof import("./why-not-port");
const loadStop = () => require("./stop-machines") as typeof import("./stop-machines");

export { imageOf, type AppImage } from "./image";
export { fingerprintOf, type WantedEnv } from "./wanted";
export type { ObservedMachine, ObservedMachines, SeenMachine } from "./observe-machines";
export type { StoredImage } from "./image-store";
export type { Deployed, EnsureOptions } from "./update";

type EnsureImage = typeof import("./image-store").ensureImage;
type Ensure = typeof import("./ensure-machines").ensureMachines;
type Observe = typeof import("./observe-machines").observeMachines;
type WhyNotPort = typeof import("./why-not-port").whyNotPort;
type Hold = typeof import("./hold-requests").holdRequests;
type Stop = typeof import("./stop-machines").stopMachines;

export const ensureImage: EnsureImage = (image, progress) =>
  (require("./image-store") as typeof import("./image-store")).ensureImage(image, progress);
export const isImageHere: typeof import("./image-store").isImageHere = (image) =>
  (require("./image-store") as typeof import("./image-store")).isImageHere(image);
export const ensureMachines: Ensure = (options) => loadEnsure().ensureMachines(options);
export const observeMachines: Observe = (app) => loadObserve().observeMachines(app);
export const whyNotPort: WhyNotPort = (app, port) => loadPort().whyNotPort(app, port);
export const stopMachines: Stop = (app) => loadStop().stopMachines(app);
export const machineLogs: typeof import("./machine-logs").machineLogs = (app, lines) =>
  (require("./machine-logs") as typeof import("./machine-logs")).machineLogs(app, lines);
export const holdRequests: Hold = (app, on, signal) =>
  (require("./hold-requests") as typeof import("./hold-requests")).holdRequests(app, on, signal);
