import type { PropertyValue, ResourceState, Snapshot, SnapshotWriter } from "../deployment";
import { magicOf } from "./checkpoint";
import { integrityProblem } from "./integrity";
import { checkpointFile, fullName, type StackPlace } from "./location";
import type { Cipher, PassphraseSecrets } from "./passphrase";
import { sealSecrets, type KnownCiphertexts, type Seal } from "./secret-values";
import { describeFile, keepBackup, replaceFile } from "./state-file";

/** The engine whose checkpoints these are: the manifest names the SDK's version, as its own CLI would. */
export function engineVersion(): string {
  const { version } = require("@pulumi/pulumi/package.json") as { version: string };
  return `v${version}`;
}

interface Waiting {
  snapshot: Snapshot;
  durable: boolean;
  done: Promise<void>;
}

/** What a checkpoint carries beside its resources. */
export interface CheckpointFrame {
  metadata: PropertyValue;
  /** Features that cannot be seen in the resources, such as bytes inside a secret. */
  features: string[];
}

/**
 * Writes the checkpoint after each step. Steps that end while one is being written share the next: each waits
 * until a state at least as new as its own is in the file.
 */
export class CheckpointWriter implements SnapshotWriter {
  readonly #file: string;
  readonly #texts = new WeakMap<ResourceState, { state: ResourceState; text: string }>();
  #running: Promise<void> = Promise.resolve();
  #next: Waiting | undefined;

  constructor(
    readonly place: StackPlace,
    readonly secrets: PassphraseSecrets,
    readonly known: KnownCiphertexts,
    readonly frame: CheckpointFrame,
  ) {
    this.#file = checkpointFile(place);
  }

  write(snapshot: Snapshot, options: { durable?: boolean } = {}): Promise<void> {
    if (this.#next) {
      this.#next.snapshot = snapshot;
      this.#next.durable ||= options.durable ?? false;
      return this.#next.done;
    }
    const done = this.#running.then(() => this.#flush());
    this.#next = { snapshot, durable: options.durable ?? false, done };
    this.#running = done.catch(() => undefined);
    return done;
  }

  async #flush(): Promise<void> {
    // Nothing may be written that a later run could not decrypt, so a wrong passphrase ends here at the latest.
    const cipher = await this.secrets.cipher();
    const next = this.#next;
    if (!next) return;
    this.#next = undefined;
    const text = this.#text(next.snapshot, cipher);
    await keepBackup(this.#file);
    await replaceFile(this.#file, text, next.durable);
    if (next.durable) await describeFile(this.#file, text);
    const problem = integrityProblem(next.snapshot.resources);
    if (problem) throw new Error(`the state was written but does not hold together: ${problem}`);
  }

  #text(snapshot: Snapshot, cipher: Cipher): string {
    const features = featuresOf(snapshot, this.frame.features);
    const version = engineVersion();
    const seal: Seal = (position, plaintext) => this.known.seal(position, plaintext, cipher);
    const head = {
      manifest: { time: new Date().toISOString(), magic: magicOf(version), version },
      secrets_providers: { type: "passphrase", state: { salt: this.secrets.salt } },
    };
    const resources = snapshot.resources.map((state) => this.#resourceText(state, seal));
    const pending = snapshot.pendingOperations.map(
      ({ resource, type }) => `{"resource":${this.#resourceText(resource, seal)},"type":"${type}"}`,
    );
    const latest = [
      JSON.stringify(head).slice(1, -1),
      ...(resources.length > 0 ? [`"resources":[${resources.join(",")}]`] : []),
      ...(pending.length > 0 ? [`"pending_operations":[${pending.join(",")}]`] : []),
      `"metadata":${JSON.stringify(this.frame.metadata)}`,
    ].join(",");
    const kind = features.length > 0 ? `"version":4,"features":${JSON.stringify(features)}` : `"version":3`;
    return `{${kind},"checkpoint":{"stack":${JSON.stringify(fullName(this.place))},"latest":{${latest}}}}`;
  }

  /** A state whose fields are the same values as at the last write keeps its text. */
  #resourceText(state: ResourceState, seal: Seal): string {
    const kept = this.#texts.get(state);
    if (kept && sameFields(kept.state, state)) return kept.text;
    const text = JSON.stringify(serializable(state, seal));
    this.#texts.set(state, { state: { ...state }, text });
    return text;
  }
}

function sameFields(one: ResourceState, other: ResourceState): boolean {
  const keys = Object.keys(other) as (keyof ResourceState)[];
  return keys.length === Object.keys(one).length && keys.every((key) => one[key] === other[key]);
}

const alwaysWritten = new Set(["urn", "custom", "type"]);

function serializable(state: ResourceState, seal: Seal): object {
  const { urn, custom, id, type, inputs, outputs, replacementTrigger, ...rest } = state;
  const sealed = {
    urn,
    custom,
    id,
    type,
    inputs: sealSecrets(inputs, `${urn}#inputs`, seal),
    outputs: sealSecrets(outputs, `${urn}#outputs`, seal),
    ...rest,
    ...(replacementTrigger === undefined
      ? {}
      : { replacementTrigger: sealSecrets(replacementTrigger, `${urn}#trigger`, seal) }),
  };
  return Object.fromEntries(
    Object.entries(sealed).filter(([key, value]) => alwaysWritten.has(key) || !isEmpty(value)),
  );
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function featuresOf(snapshot: Snapshot, kept: string[]): string[] {
  const features = new Set(kept);
  for (const state of [...snapshot.resources, ...snapshot.pendingOperations.map((one) => one.resource)]) {
    if (!isEmpty(state.resourceHooks)) features.add("hooks");
    if (!isEmpty(state.replaceWith)) features.add("replaceWith");
    if (state.taint) features.add("taint");
  }
  return [...features].sort();
}
