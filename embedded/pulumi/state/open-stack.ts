import { readFile, stat } from "node:fs/promises";
import { OperatorError, type Secret } from "../../../infra/support";
import type { Properties, Snapshot, SnapshotWriter } from "../deployment";
import { openCheckpoint, parseCheckpoint, type Checkpoint } from "./checkpoint";
import { CheckpointWriter } from "./checkpoint-writer";
import { usageError } from "./errors";
import { recordUpdate, type UpdateKind, type UpdateResult, type UpdateStart } from "./history";
import { checkpointFile, placeOf, refuseForeignLayout, stacksFolder, type StackPlace } from "./location";
import { lockStack, type StackLock } from "./lock";
import { PassphraseSecrets } from "./passphrase";
import type { Project } from "./project";
import { KnownCiphertexts } from "./secret-values";
import { decryptConfig, readStackConfig, type DecryptedConfig, type StackConfig } from "./stack-config";
import { readStackOutputs, type StackOutputs } from "./stack-outputs";
import { sweepTemporaries } from "./state-file";

export interface StackOptions {
  project: Project;
  /** `stack`, or `organization/project/stack`. */
  stack: string;
  backendUrl: string;
  passphrase: Secret;
  /** The settings file, when it is not Pulumi.<stack>.yaml beside Pulumi.yaml. */
  configFile?: string;
}

/** What only the key of the secrets opens. */
interface Opened {
  snapshot: Snapshot;
  texts: string[];
  writer: CheckpointWriter;
}

/** A stack to work on: its settings at once, its state when the key is derived. */
export class OpenStack {
  #config: DecryptedConfig = { values: {}, secretKeys: [], secretTexts: [] };
  #opening: Promise<Opened> | undefined;
  #opened: Opened | undefined;
  #packages: ReadonlySet<string> = new Set();
  #seen = "";
  #update: UpdateStart | undefined;
  readonly organization = "organization";

  private constructor(
    readonly project: Project,
    readonly place: StackPlace,
    readonly settings: StackConfig,
    readonly secrets: PassphraseSecrets,
    readonly options: StackOptions,
  ) {}

  static async open(options: StackOptions): Promise<OpenStack> {
    const { project, passphrase } = options;
    const place = placeOf(options.backendUrl, project.name, options.stack);
    refuseOtherProject(place, project);
    refuseForeignLayout(place);
    const settings = readStackConfig(project, place.stack, options.configFile);
    const salt = settings.encryptionSalt ?? (await readCheckpoint(place)).checkpoint.salt;
    if (!salt) throw withoutSalt(place, settings.file);
    const secrets = new PassphraseSecrets(salt, passphrase, place.stack);
    // Begun before anything else: the key takes a quarter of a second, on another thread.
    void secrets.cipher().catch(() => undefined);
    const stack = new OpenStack(project, place, settings, secrets, options);
    await stack.#read();
    return stack;
  }

  get name(): string {
    return this.place.stack;
  }

  /** Resolves when the state is open: the key takes as long as starting the program, which need not wait for it. */
  async opened(): Promise<void> {
    this.#opened = await this.#opening;
  }

  /** The state as it was read; read again when the lock is taken, in case someone changed it meanwhile. */
  get snapshot(): Snapshot {
    return this.#open.snapshot;
  }

  /** Whether the state has a provider of that package; known before it is open. */
  uses(providerPackage: string): boolean {
    return this.#packages.has(providerPackage);
  }

  /** Settings for the program: plain text, objects as JSON, with the names of the secret ones. */
  get config(): DecryptedConfig {
    return this.#config;
  }

  /** Every secret of settings and state, for the display to blot out wherever one turns up. */
  get secretTexts(): string[] {
    return [...this.#config.secretTexts, ...this.#open.texts];
  }

  get writer(): SnapshotWriter {
    return this.#open.writer;
  }

  get #open(): Opened {
    if (!this.#opened) throw new Error("the state is not open yet");
    return this.#opened;
  }

  /** Resolves when the passphrase has proved right; a write waits for it anyway. */
  async verify(): Promise<void> {
    await this.secrets.cipher();
  }

  /** Takes the stack for an operation that writes. */
  async lock(operation: string): Promise<StackLock> {
    const lock = await lockStack(this.place, operation);
    try {
      await sweepTemporaries(stacksFolder(this.place), this.place.stack);
      if ((await stampOf(this.place)) !== this.#seen) await this.#readAgain();
    } catch (error) {
      await lock.release();
      throw error;
    }
    return lock;
  }

  /** Notes when and why an operation starts, for the history. */
  begin(kind: UpdateKind, message = "", environment: Record<string, string> = {}): void {
    this.#update = { kind, message, environment, startedAt: new Date(), config: this.settings.values };
  }

  /** Writes the operation that began into the history, with the state it left. */
  async finish(result: UpdateResult): Promise<void> {
    if (!this.#update) throw new Error("no operation was begun");
    const update = this.#update;
    this.#update = undefined;
    await recordUpdate(this.place, update, result);
  }

  /** The outputs of another stack in the same folder of states. */
  stackOutputs(name: string): Promise<StackOutputs> {
    const { backendUrl, passphrase } = this.options;
    return readStackOutputs({ backendUrl, project: this.project.name, passphrase }, name);
  }

  async #read(): Promise<void> {
    const { checkpoint, stamp } = await readCheckpoint(this.place);
    const needsKey = Object.values(this.settings.values).some((value) => value.secret);
    this.#config = decryptConfig(
      this.settings,
      this.project,
      needsKey ? await this.secrets.cipher() : undefined,
    );
    this.#packages = new Set(checkpoint.resources.flatMap(({ type }) => providedPackage(type) ?? []));
    this.#seen = stamp;
    this.#opening = this.#openState(checkpoint);
    this.#opening.catch(() => undefined);
  }

  /** Somebody changed it meanwhile: whoever had it open has the new one open. */
  async #readAgain(): Promise<void> {
    const wasOpen = this.#opened !== undefined;
    await this.#read();
    if (wasOpen) await this.opened();
  }

  async #openState(checkpoint: Checkpoint): Promise<Opened> {
    const old = checkpoint.salt === undefined || checkpoint.salt === this.secrets.salt;
    const source = old
      ? this.secrets
      : new PassphraseSecrets(checkpoint.salt ?? "", this.secrets.passphrase, this.place.stack);
    const known = new KnownCiphertexts();
    const opener = checkpoint.hasSecrets ? await source.cipher() : undefined;
    const snapshot = openCheckpoint(checkpoint, opener, known, checkpointFile(this.place));
    // A ciphertext made with another salt cannot stay where the new salt is written.
    const kept = old ? known : new KnownCiphertexts();
    const writer = new CheckpointWriter(this.place, this.secrets, kept, {
      metadata: checkpoint.metadata,
      features: checkpoint.features.filter((feature) => feature === "byteString"),
    });
    return { snapshot, texts: known.texts, writer };
  }
}

const providerPrefix = "pulumi:providers:";

function providedPackage(type: string): string | undefined {
  return type.startsWith(providerPrefix) ? type.slice(providerPrefix.length) : undefined;
}

/** Reads a stack's settings and begins to open its state; whoever needs the state waits for `opened`. */
export function beginOpening(options: StackOptions): Promise<OpenStack> {
  return OpenStack.open(options);
}

/** Opens a stack: reads its settings and its state, and decrypts both. */
export async function openStack(options: StackOptions): Promise<OpenStack> {
  const stack = await beginOpening(options);
  await stack.opened();
  return stack;
}

/** The outputs of the stack itself, secrets wrapped. */
export function ownOutputs(snapshot: Snapshot): Properties {
  return snapshot.resources.find((state) => state.type === "pulumi:pulumi:Stack")?.outputs ?? {};
}

async function readCheckpoint(place: StackPlace): Promise<{ checkpoint: Checkpoint; stamp: string }> {
  const file = checkpointFile(place);
  const stamp = await stampOf(place);
  try {
    return { checkpoint: parseCheckpoint(await readFile(file, "utf8"), file), stamp };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw noStack(place);
  }
}

/** Tells one content of the checkpoint file from another without reading it. */
async function stampOf(place: StackPlace): Promise<string> {
  const found = await stat(checkpointFile(place), { bigint: true }).catch(() => undefined);
  return found ? `${found.ino}:${found.size}:${found.mtimeNs}` : "";
}

function refuseOtherProject(place: StackPlace, project: Project): void {
  if (place.project === project.name) return;
  throw usageError(
    "stack-of-other-project",
    `stack ${place.stack} belongs to project ${place.project}, and this is ${project.name}`,
    "Run the command in the checkout of that project.",
  );
}

function noStack(place: StackPlace): OperatorError {
  return usageError(
    "stack-missing",
    `there is no stack ${place.stack} of project ${place.project} in ${place.folder}`,
    `Create it with \`pulumi stack init ${place.stack}\` or \`dnd up --stack ${place.stack}\`.`,
  );
}

function withoutSalt(place: StackPlace, file: string): OperatorError {
  return usageError(
    "salt-missing",
    `neither ${file} nor the state of ${place.stack} has an encryption salt`,
    "Run `pulumi stack change-secrets-provider passphrase` once.",
  );
}
