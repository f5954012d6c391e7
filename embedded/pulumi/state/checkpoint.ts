import { createHash } from "node:crypto";
import { z } from "zod";
import { OperatorError, messageOf } from "../../../infra/support";
import {
  secretSignature,
  type PendingKind,
  type Properties,
  type PropertyValue,
  type ResourceState,
  type Snapshot,
} from "../deployment";
import { refusal } from "./errors";
import { integrityProblem } from "./integrity";
import type { Cipher } from "./passphrase";
import { openSecrets, type KnownCiphertexts } from "./secret-values";

const properties = z.custom<Properties>((value) => typeof value === "object" && value !== null);
const urns = z.array(z.string());
const flag = z.boolean().exactOptional();
const resource: z.ZodType<ResourceState> = z.looseObject({
  urn: z.string().min(1),
  custom: z.boolean(),
  type: z.string().min(1),
  id: z.string().exactOptional(),
  inputs: properties.default({}),
  outputs: properties.default({}),
  parent: z.string().exactOptional(),
  provider: z.string().exactOptional(),
  dependencies: urns.exactOptional(),
  propertyDependencies: z
    .record(
      z.string(),
      urns.nullable().transform((list) => list ?? []),
    )
    .exactOptional(),
  initErrors: z.array(z.string()).exactOptional(),
  deletedWith: z.string().exactOptional(),
  replaceWith: urns.exactOptional(),
  customTimeouts: z
    .object({
      create: z.number().exactOptional(),
      update: z.number().exactOptional(),
      delete: z.number().exactOptional(),
    })
    .exactOptional(),
  delete: flag,
  protect: flag,
  external: flag,
  taint: flag,
  retainOnDelete: flag,
  pendingReplacement: flag,
  created: z.string().exactOptional(),
  modified: z.string().exactOptional(),
});
const kinds = ["creating", "updating", "deleting", "reading", "importing"] as const satisfies PendingKind[];
const deployment = z.looseObject({
  manifest: z.looseObject({ magic: z.string(), version: z.string() }),
  secrets_providers: z
    .looseObject({ type: z.string(), state: z.looseObject({ salt: z.string().exactOptional() }).nullish() })
    .exactOptional(),
  resources: z.array(resource).default([]),
  pending_operations: z.array(z.object({ resource, type: z.enum(kinds) })).default([]),
  metadata: properties.default({}),
});
const versioned = z.object({ version: z.number(), features: z.array(z.string()).default([]) }).loose();
const body = z.object({ checkpoint: z.looseObject({ latest: deployment.exactOptional() }) });

const newestVersion = 4;
/** Features of version 4 that change what an engine must do, and that this one knows. */
const knownFeatures = new Set(["hooks", "replaceWith", "taint", "byteString"]);

/** A checkpoint file as it was read, its secrets still encrypted. */
export interface Checkpoint {
  features: string[];
  resources: ResourceState[];
  pendingOperations: Snapshot["pendingOperations"];
  metadata: Properties;
  /** The salt that its secrets were encrypted with. */
  salt?: string;
  hasSecrets: boolean;
}

/** Parses a checkpoint and refuses what is damaged, newer than known, or not for this engine. */
export function parseCheckpoint(text: string, file: string): Checkpoint {
  const raw = jsonOf(text, file);
  const head = versioned.safeParse(raw);
  if (!head.success) throw corrupt(file, z.prettifyError(head.error));
  const { version, features } = head.data;
  if (version > newestVersion || (version !== 0 && version < 3)) throw otherVersion(file, version);
  const unknown = features.filter((feature) => !knownFeatures.has(feature));
  if (unknown.length > 0) throw foreign(file, `uses ${unknown.join(", ")}`);
  const parsed = body.safeParse(raw);
  if (!parsed.success) throw corrupt(file, z.prettifyError(parsed.error));
  const latest = parsed.data.checkpoint.latest;
  // A stack that was only just created has a version 0 and nothing else.
  if (!latest) return { features, resources: [], pendingOperations: [], metadata: {}, hasSecrets: false };
  if (version === 0) throw otherVersion(file, version);
  if (latest.manifest.magic !== magicOf(latest.manifest.version))
    throw corrupt(file, "its magic does not fit");
  const problem = integrityProblem(latest.resources);
  if (problem) throw corrupt(file, problem);
  return {
    features,
    resources: latest.resources,
    pendingOperations: latest.pending_operations,
    metadata: latest.metadata,
    hasSecrets: text.includes(secretSignature),
    ...saltOf(latest.secrets_providers, file),
  };
}

/** The resources with their secrets opened and wrapped, as the engine works with them. */
export function openCheckpoint(
  checkpoint: Checkpoint,
  cipher: Cipher | undefined,
  known: KnownCiphertexts,
  file: string,
): Snapshot {
  if (!checkpoint.hasSecrets)
    return { resources: checkpoint.resources, pendingOperations: checkpoint.pendingOperations };
  const bag = (value: Properties, position: string) =>
    openSecrets(value, position, cipher, known) as Properties;
  const opened = (state: ResourceState): ResourceState => ({
    ...state,
    inputs: bag(state.inputs, `${state.urn}#inputs`),
    outputs: bag(state.outputs, `${state.urn}#outputs`),
    ...openedTrigger(state, cipher, known),
  });
  try {
    return {
      resources: checkpoint.resources.map(opened),
      pendingOperations: checkpoint.pendingOperations.map(({ resource: state, type }) => ({
        resource: opened(state),
        type,
      })),
    };
  } catch (error) {
    throw corrupt(file, messageOf(error));
  }
}

function openedTrigger(state: ResourceState, cipher: Cipher | undefined, known: KnownCiphertexts) {
  const trigger: PropertyValue | undefined = state.replacementTrigger;
  if (trigger === undefined) return {};
  return { replacementTrigger: openSecrets(trigger, `${state.urn}#trigger`, cipher, known) };
}

/** What a manifest carries to show that nobody edited its version. */
export function magicOf(version: string): string {
  return version === "" ? "" : createHash("sha256").update(version).digest("hex");
}

function saltOf(
  provider: { type: string; state?: { salt?: string } | null | undefined } | undefined,
  file: string,
) {
  if (!provider || provider.type === "") return {};
  if (provider.type !== "passphrase")
    throw foreign(file, `keeps its secrets with the provider ${provider.type}`);
  return provider.state?.salt ? { salt: provider.state.salt } : {};
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw corrupt(file, messageOf(error));
  }
}

function corrupt(file: string, found: string): OperatorError {
  return refusal(
    "state-corrupt",
    `the state in ${file} is damaged: ${found}`,
    `Put back ${file}.bak or the newest file of .pulumi/backups for this stack, then run \`dnd refresh\`.`,
  );
}

function otherVersion(file: string, version: number): OperatorError {
  const isNew = version > newestVersion;
  return refusal(
    isNew ? "state-too-new" : "state-too-old",
    `the state in ${file} has version ${version}, and the embedded engine reads 3 to ${newestVersion}`,
    isNew
      ? `Use the Pulumi CLI that wrote it, or a release of this project that knows version ${version}.`
      : "Run `pulumi up` once with the Pulumi CLI, which brings it to today's version.",
  );
}

function foreign(file: string, found: string): OperatorError {
  return refusal(
    "state-needs-cli",
    `the state in ${file} ${found}, which the embedded engine does not do`,
    "Use the Pulumi CLI for this stack (`--engine pulumi`).",
  );
}
