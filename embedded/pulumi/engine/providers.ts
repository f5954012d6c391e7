import { OperatorError } from "../../../infra/support";
import type { Properties, ResourceState } from "../deployment";
import { dynamicPackage, type Provider } from "../providers";
import { wrapSecret } from "../values";
import {
  builtinProviderHandler,
  componentHandler,
  ProviderConfigurationHandler,
  ProviderHandler,
  type Handler,
} from "./handlers";
import type { Run } from "./run";
import {
  isProviderType,
  makeUrn,
  packageOf,
  packageOfProvider,
  providerReference,
  providerTypeOf,
  urnOfReference,
} from "./urn";

/** Serves stack references, and is a part of the engine. */
const builtinProvider = "pulumi:providers:pulumi";

/** What decides which provider serves a resource. */
export interface Wanted {
  type: string;
  custom: boolean;
  provider: string;
  version: string;
  pluginDownloadUrl: string;
}

/** Registers a provider resource; the same way that the program's own resources go. */
export type RegisterProvider = (provider: {
  type: string;
  name: string;
  inputs: Properties;
}) => Promise<ResourceState>;

/** Every provider of an operation: the program's own, the default ones, and those of the old state. */
export class Providers {
  readonly #open = new Map<string, Promise<Provider>>();
  readonly #defaults = new Map<string, Promise<string>>();

  constructor(
    private readonly run: Run,
    private readonly register: RegisterProvider,
  ) {}

  /** The reference and the handler of a resource that the program wants. */
  async forGoal(goal: Wanted): Promise<{ reference: string | undefined; handler: Handler }> {
    if (!goal.custom) return { reference: undefined, handler: componentHandler };
    if (goal.type === builtinProvider) return { reference: undefined, handler: builtinProviderHandler };
    if (isProviderType(goal.type)) {
      const provider = await this.#start(packageOfProvider(goal.type), goal.version || undefined);
      return { reference: undefined, handler: this.#configuring(provider) };
    }
    const reference = goal.provider || (await this.#defaultFor(goal));
    return { reference, handler: new ProviderHandler(await this.#provider(reference)) };
  }

  /** The handler of a resource of the old state. */
  async forState(state: ResourceState): Promise<Handler> {
    if (!state.custom) return componentHandler;
    if (isProviderType(state.type)) return componentHandler;
    if (!state.provider) throw new Error(`the state names no provider of ${state.urn}`);
    return new ProviderHandler(await this.#provider(state.provider));
  }

  /** The provider that would serve a resource which is only read. */
  async referenceOf(wanted: Wanted): Promise<string> {
    return wanted.provider || this.#defaultFor(wanted);
  }

  async forReference(reference: string): Promise<Handler> {
    return new ProviderHandler(await this.#provider(reference));
  }

  /** A provider for functions, which need no resource. */
  async forFunction(wanted: Wanted): Promise<Provider> {
    return this.#provider(wanted.provider || (await this.#defaultFor(wanted)));
  }

  /** The program's provider resource is configured from now on under this id. */
  adopt(state: ResourceState, handler: Handler): void {
    const provider = this.#pending.get(handler);
    if (provider) this.#open.set(providerReference(state.urn, state.id ?? ""), Promise.resolve(provider));
  }

  readonly #pending = new WeakMap<Handler, Provider>();

  #configuring(provider: Provider): Handler {
    const handler = new ProviderConfigurationHandler(provider);
    this.#pending.set(handler, provider);
    return handler;
  }

  /** The one default provider of a package and version, registered when the first resource needs it. */
  #defaultFor(wanted: Wanted): Promise<string> {
    const packageName = packageOf(wanted.type);
    const key = `${packageName} ${wanted.version} ${wanted.pluginDownloadUrl}`;
    const known = this.#defaults.get(key);
    if (known) return known;
    const registered = this.#registerDefault(packageName, wanted);
    this.#defaults.set(key, registered);
    return registered;
  }

  async #registerDefault(packageName: string, wanted: Wanted): Promise<string> {
    const suffix = wanted.version ? `_${wanted.version.replace(/[.+-]/g, "_")}` : "";
    const inputs: Properties = { ...this.#configurationOf(packageName) };
    if (wanted.version) inputs.version = wanted.version;
    if (wanted.version || wanted.pluginDownloadUrl) {
      inputs.__internal = wanted.pluginDownloadUrl ? { pluginDownloadURL: wanted.pluginDownloadUrl } : {};
    }
    const state = await this.register({
      type: providerTypeOf(packageName),
      name: `default${suffix}`,
      inputs,
    });
    return providerReference(state.urn, state.id ?? "");
  }

  /** The settings in a package's namespace; dynamic resources are given all of them. */
  #configurationOf(packageName: string): Properties {
    const { values, secretKeys } = this.run.parts.stack.config;
    const prefix = `${packageName}:`;
    const chosen = Object.entries(values).filter(
      ([key]) => packageName === dynamicPackage || key.startsWith(prefix),
    );
    return Object.fromEntries(
      chosen.map(([key, value]) => [
        packageName === dynamicPackage ? key : key.slice(prefix.length),
        secretKeys.includes(key) ? wrapSecret(value) : value,
      ]),
    );
  }

  #provider(reference: string): Promise<Provider> {
    const known = this.#open.get(reference);
    if (known) return known;
    const opened = this.#reopen(reference);
    this.#open.set(reference, opened);
    return opened;
  }

  /** A provider that only the old state knows is started with the inputs that it was last given. */
  async #reopen(reference: string): Promise<Provider> {
    const urn = urnOfReference(reference);
    const state = this.run.parts.book.news.get(urn) ?? this.#oldState(reference, urn);
    if (!state) {
      throw new OperatorError({
        code: "provider-unknown",
        message: `the provider ${urn} is not in the state`,
        remedy: "The state is damaged: `pulumi state repair` can mend it.",
      });
    }
    const version = typeof state.inputs.version === "string" ? state.inputs.version : undefined;
    const packageName = packageOfProvider(state.type);
    const provider = await this.#start(packageName, version);
    await new ProviderConfigurationHandler(provider).configure(
      { urn, name: "", type: state.type },
      state.id ?? "",
      state.inputs,
    );
    return provider;
  }

  #oldState(reference: string, urn: string): ResourceState | undefined {
    return (
      this.run.parts.book
        .leftovers()
        .find((state) => state.urn === urn && providerReference(urn, state.id ?? "") === reference) ??
      this.run.parts.book.olds.get(urn)
    );
  }

  #start(packageName: string, version: string | undefined): Promise<Provider> {
    return this.run.parts.host.open(packageName, version);
  }

  /** The URN of a default provider of this stack. */
  urnOf(type: string, name: string): string {
    const { stack } = this.run.parts;
    return makeUrn({ stack: stack.name, project: stack.project.name, parentType: "", type, name });
  }
}
