import type { ResourceState } from "../deployment";
import type { Goal } from "./goal";
import type { RegisterProvider } from "./providers";

/** Default providers are registered as if the program had asked for them, with nothing but their settings. */
export function registerProviderAs(register: (goal: Goal) => Promise<ResourceState>): RegisterProvider {
  return ({ type, name, inputs }) =>
    register({
      type,
      name,
      inputs,
      custom: true,
      parent: undefined,
      dependencies: [],
      propertyDependencies: {},
      provider: "",
      version: typeof inputs.version === "string" ? inputs.version : "",
      pluginDownloadUrl: "",
      protect: undefined,
      retainOnDelete: undefined,
      deleteBeforeReplace: undefined,
      deletedWith: "",
      replaceWith: [],
      replacementTrigger: undefined,
      ignoreChanges: [],
      replaceOnChanges: [],
      additionalSecretOutputs: [],
      aliases: [],
      importId: "",
      customTimeouts: undefined,
      hooks: {},
      sourcePosition: undefined,
    });
}
