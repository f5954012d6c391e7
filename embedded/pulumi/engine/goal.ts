import type { ReadResourceRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { parseDuration } from "../../../infra/support";
import type { Properties, PropertyValue, ResourceState } from "../deployment";
import { fromStruct } from "../values";

export type AliasGoal =
  | { urn: string }
  | { name?: string; type?: string; stack?: string; project?: string; parent?: string; noParent: boolean };

/** What a program wants of one resource. */
export interface Goal {
  type: string;
  name: string;
  custom: boolean;
  inputs: Properties;
  parent: string | undefined;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  provider: string;
  version: string;
  pluginDownloadUrl: string;
  protect: boolean | undefined;
  retainOnDelete: boolean | undefined;
  deleteBeforeReplace: boolean | undefined;
  deletedWith: string;
  replaceWith: string[];
  replacementTrigger: PropertyValue | undefined;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  additionalSecretOutputs: string[];
  aliases: AliasGoal[];
  importId: string;
  customTimeouts: ResourceState["customTimeouts"];
  hooks: Record<string, string[]>;
  sourcePosition: string | undefined;
}

export function goalOf(request: RegisterResourceRequest): Goal {
  const trigger = request.getReplacementTrigger();
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    inputs: fromStruct(request.getObject()),
    parent: request.getParent() || undefined,
    dependencies: sortedUnique(request.getDependenciesList()),
    propertyDependencies: propertyDependenciesOf(request),
    provider: request.getProvider(),
    version: request.getVersion(),
    pluginDownloadUrl: request.getPlugindownloadurl(),
    protect: request.hasProtect() ? request.getProtect() : undefined,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    deleteBeforeReplace: request.getDeletebeforereplacedefined()
      ? request.getDeletebeforereplace()
      : undefined,
    deletedWith: request.getDeletedwith(),
    replaceWith: request.getReplaceWithList(),
    replacementTrigger: trigger ? (trigger.toJavaScript() as PropertyValue) : undefined,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: aliasesOf(request),
    importId: request.getImportid(),
    customTimeouts: timeoutsOf(request),
    hooks: hooksOf(request),
    sourcePosition: undefined,
  };
}

export function sortedUnique(urns: readonly string[]): string[] {
  return [...new Set(urns)].sort();
}

function propertyDependenciesOf(request: RegisterResourceRequest): Record<string, string[]> {
  const dependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((property, key) => {
    dependencies[key] = sortedUnique(property.getUrnsList());
  });
  return dependencies;
}

function aliasesOf(request: RegisterResourceRequest): AliasGoal[] {
  const specs = request.getAliasesList().map((alias): AliasGoal => {
    const spec = alias.getSpec();
    if (!spec) return { urn: alias.getUrn() };
    return {
      ...(spec.getName() ? { name: spec.getName() } : {}),
      ...(spec.getType() ? { type: spec.getType() } : {}),
      ...(spec.getStack() ? { stack: spec.getStack() } : {}),
      ...(spec.getProject() ? { project: spec.getProject() } : {}),
      ...(spec.getParenturn() ? { parent: spec.getParenturn() } : {}),
      noParent: spec.getNoparent(),
    };
  });
  return [...request.getAliasurnsList().map((urn) => ({ urn })), ...specs];
}

function timeoutsOf(request: RegisterResourceRequest): ResourceState["customTimeouts"] {
  const timeouts = request.getCustomtimeouts();
  if (!timeouts) return undefined;
  const kept = [
    ["create", timeouts.getCreate()],
    ["update", timeouts.getUpdate()],
    ["delete", timeouts.getDelete()],
  ]
    .filter(([, text]) => text)
    .map(([kind, text]) => [kind, secondsOf(text ?? "")]);
  return kept.length > 0 ? (Object.fromEntries(kept) as ResourceState["customTimeouts"]) : undefined;
}

/** "1h30m" as Go writes durations, in seconds. */
function secondsOf(text: string): number {
  const parts = text.match(/\d+(?:\.\d+)?(?:ms|s|m|h)/g) ?? [];
  return parts.reduce((sum, part) => sum + (parseDuration(part) ?? 0), 0) / 1000;
}

function hooksOf(request: RegisterResourceRequest): Record<string, string[]> {
  const hooks = request.getHooks();
  if (!hooks) return {};
  const bound: [string, string[]][] = [
    ["BeforeCreate", hooks.getBeforeCreateList()],
    ["AfterCreate", hooks.getAfterCreateList()],
    ["BeforeUpdate", hooks.getBeforeUpdateList()],
    ["AfterUpdate", hooks.getAfterUpdateList()],
    ["BeforeDelete", hooks.getBeforeDeleteList()],
    ["AfterDelete", hooks.getAfterDeleteList()],
    ["OnError", hooks.getOnErrorList()],
  ];
  return Object.fromEntries(bound.filter(([, names]) => names.length > 0));
}

/** What a program wants to see of a resource that it does not own. */
export interface ReadGoal {
  type: string;
  name: string;
  id: string;
  inputs: Properties;
  parent: string | undefined;
  dependencies: string[];
  provider: string;
  version: string;
  pluginDownloadUrl: string;
  additionalSecretOutputs: string[];
}

export function readGoalOf(request: ReadResourceRequest): ReadGoal {
  return {
    type: request.getType(),
    name: request.getName(),
    id: request.getId(),
    inputs: fromStruct(request.getProperties()),
    parent: request.getParent() || undefined,
    dependencies: sortedUnique(request.getDependenciesList()),
    provider: request.getProvider(),
    version: request.getVersion(),
    pluginDownloadUrl: request.getPlugindownloadurl(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
  };
}
