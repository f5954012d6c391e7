import { OperatorError, type Secret } from "../../infra/support";
import type { Properties } from "./deployment";
import type { OperationOptions, OperationResult } from "./engine";
import {
  beginOpening,
  cancelLock,
  initStack,
  openStack,
  ownOutputs,
  placeOf,
  readHistory,
  readProject,
  stackExists as existsInBackend,
  type HistoryEntry,
  type OpenStack,
} from "./state";

export type { EngineEvent, Properties, PropertyValue, ResourceState, StepKind } from "./deployment";
export type { OperationResult } from "./engine";
export { Blind, progressDisplay, showProgress, toJson, type ProgressDisplay } from "./display";
export { isSecret } from "./state";

/** Where a stack is: its program, its state and what opens its secrets. */
export interface StackAddress {
  projectDir: string;
  stack: string;
  /** A file:// address. */
  backendUrl: string;
  passphrase: Secret;
  /** The settings file, when it is not Pulumi.<stack>.yaml beside Pulumi.yaml. */
  configFile?: string;
}

export type Operation = StackAddress & Omit<OperationOptions, "kind" | "stack" | "project">;

export const preview = (operation: Operation): Promise<OperationResult> => operate("preview", operation);
export const up = (operation: Operation): Promise<OperationResult> => operate("up", operation);
export const refresh = (operation: Operation): Promise<OperationResult> => operate("refresh", operation);
export const destroy = (operation: Operation): Promise<OperationResult> => operate("destroy", operation);

/** Adopting resources by hand is the CLI's; the option `import` in a program works here too. */
export function importResources(address: StackAddress): Promise<never> {
  const error = new OperatorError({
    code: "import-needs-cli",
    kind: "usage",
    message: `the embedded engine imports nothing into ${address.stack} by command`,
    remedy:
      "Run `pulumi import` with the Pulumi CLI on the same state, or give the resource the option `import` in the program.",
  });
  return Promise.reject(error);
}

async function operate(kind: OperationOptions["kind"], operation: Operation): Promise<OperationResult> {
  const project = readProject(operation.projectDir);
  const opening = beginOpening({ ...operation, project });
  opening.catch(() => undefined);
  // Loaded while the key of the secrets is derived on another thread.
  const { runOperation } = require("./engine") as typeof import("./engine");
  const stack = await opening;
  const env = { ...process.env, ...operation.env };
  return runOperation({ ...operation, kind, project, stack, env });
}

function open(address: StackAddress): Promise<OpenStack> {
  return openStack({ ...address, project: readProject(address.projectDir) });
}

/** The outputs of a stack, secrets wrapped. */
export async function outputs(address: StackAddress): Promise<Properties> {
  return ownOutputs((await open(address)).snapshot);
}

/** The settings of a stack as its program gets them, secrets opened. */
export async function config(address: StackAddress): Promise<Record<string, string>> {
  return (await open(address)).config.values;
}

/** The URNs that the state holds. */
export async function resources(address: StackAddress): Promise<{ urn: string; protect: boolean }[]> {
  return (await open(address)).snapshot.resources.map(({ urn, protect = false }) => ({ urn, protect }));
}

/** The operations of the past, newest first. */
export function history(address: StackAddress, limit?: number): Promise<HistoryEntry[]> {
  return readHistory(placeOf(address.backendUrl, readProject(address.projectDir).name, address.stack), limit);
}

export function stackExists(address: StackAddress): boolean {
  return existsInBackend({ ...address, project: readProject(address.projectDir) });
}

export function createStack(address: StackAddress): Promise<void> {
  return initStack({ ...address, project: readProject(address.projectDir) });
}

/** Removes the lock of a dead operation, with `all` any lock. */
export function cancel(address: StackAddress & { all?: boolean }): ReturnType<typeof cancelLock> {
  const place = placeOf(address.backendUrl, readProject(address.projectDir).name, address.stack);
  return cancelLock(place, { all: address.all ?? false });
}
