import { randomUUID } from "node:crypto";
import { unknownSentinel, type Properties, type ResourceState } from "../deployment";
import type { Provider, ProviderDiff, Subject } from "../providers";
import { sameValue } from "../values";

export interface CallOptions {
  preview: boolean;
  ignoreChanges: readonly string[];
  timeoutSeconds?: number | undefined;
}

/** What knows how to make, change and remove resources of a kind. */
export interface Handler {
  check(
    subject: Subject,
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs: Properties; failures: string[] }>;
  diff(
    subject: Subject,
    old: ResourceState,
    news: Properties,
    ignoreChanges: readonly string[],
  ): Promise<ProviderDiff>;
  create(
    subject: Subject,
    inputs: Properties,
    options: CallOptions,
  ): Promise<{ id: string; outputs: Properties }>;
  update(
    subject: Subject,
    old: ResourceState,
    news: Properties,
    options: CallOptions,
  ): Promise<{ outputs: Properties }>;
  read(
    subject: Subject,
    id: string,
    old: { inputs: Properties; outputs: Properties },
  ): ReturnType<Provider["read"]>;
  delete(subject: Subject, old: ResourceState): Promise<void>;
}

/** Resources that a provider keeps. */
export class ProviderHandler implements Handler {
  constructor(private readonly provider: Provider) {}

  check(subject: Subject, olds: Properties, news: Properties) {
    return this.provider.check(subject, olds, news);
  }

  diff(subject: Subject, old: ResourceState, news: Properties, ignoreChanges: readonly string[]) {
    return this.provider.diff(subject, old.id ?? "", old, news, ignoreChanges);
  }

  /** A provider that cannot preview is not asked: its outputs stay unknown beyond the inputs. */
  async create(subject: Subject, inputs: Properties, options: CallOptions) {
    if (options.preview && !this.provider.previews) return { id: "", outputs: inputs };
    const made = await this.provider.create(subject, inputs, options);
    if (!options.preview && made.id === "") throw new Error(`the provider gave ${subject.urn} no id`);
    return made;
  }

  async update(subject: Subject, old: ResourceState, news: Properties, options: CallOptions) {
    if (options.preview && !this.provider.previews) return { outputs: news };
    return this.provider.update(subject, old.id ?? "", old, news, options);
  }

  read(subject: Subject, id: string, old: { inputs: Properties; outputs: Properties }) {
    return this.provider.read(subject, id, old);
  }

  delete(subject: Subject, old: ResourceState) {
    return this.provider.delete(subject, old.id ?? "", old, old.customTimeouts?.delete);
  }
}

/** Provider resources: their life is to be configured. */
export class ProviderConfigurationHandler implements Handler {
  constructor(private readonly provider: Provider) {}

  check(subject: Subject, olds: Properties, news: Properties) {
    return this.provider.checkConfig(subject, olds, news);
  }

  diff(subject: Subject, old: ResourceState, news: Properties) {
    return this.provider.diffConfig(subject, old.id ?? "", old.inputs, news);
  }

  async create(subject: Subject, inputs: Properties, options: CallOptions) {
    const id = options.preview ? unknownSentinel : randomUUID();
    await this.configure(subject, id, inputs);
    return { id, outputs: withoutInternals(inputs) };
  }

  async update(subject: Subject, old: ResourceState, news: Properties) {
    await this.configure(subject, old.id ?? "", news);
    return { outputs: withoutInternals(news) };
  }

  configure(subject: Subject, id: string, inputs: Properties): Promise<void> {
    return this.provider.configure(withoutInternals(inputs), { ...subject, id });
  }

  async read(_subject: Subject, id: string, old: { inputs: Properties; outputs: Properties }) {
    return { id, ...old };
  }

  async delete(): Promise<void> {
    // The process ends with the operation: nothing of a provider lives on.
  }
}

/** What stands among a provider's inputs for the engine alone. */
function withoutInternals(inputs: Properties): Properties {
  const { __internal, ...own } = inputs;
  void __internal;
  return own;
}

/** The engine's own provider, of stack references: there is nothing to configure. */
export const builtinProviderHandler: Handler = {
  check: async (_subject, _olds, news) => ({ inputs: news, failures: [] }),
  diff: async () => ({ changes: "none", replaces: [], deleteBeforeReplace: false }),
  create: async (_subject, inputs, { preview }) => ({
    id: preview ? unknownSentinel : randomUUID(),
    outputs: inputs,
  }),
  update: async (_subject, _old, news) => ({ outputs: news }),
  read: async (_subject, id, old) => ({ id, ...old }),
  delete: async () => undefined,
};

/** Components: nothing but their place in the tree and the outputs that the program registers. */
export const componentHandler: Handler = {
  check: async (_subject, _olds, news) => ({ inputs: news, failures: [] }),
  diff: async (_subject, old, news) => ({
    changes: sameValue(old.inputs, news) ? "none" : "some",
    replaces: [],
    deleteBeforeReplace: false,
  }),
  create: async () => ({ id: "", outputs: {} }),
  update: async (_subject, old) => ({ outputs: old.outputs }),
  read: async (_subject, id, old) => ({ id, ...old }),
  delete: async () => undefined,
};
