export { InitializationError, ProviderError, ProviderGoneError } from "./call-error";
export { dynamicPackage, ProviderHost, type ProviderHostOptions } from "./provider-host";
export { Provider, type Subject } from "./provider";
export type { ProviderDiff } from "./provider-diff";
export { endWithEngine, PluginProcess } from "./plugin-process";
