/** The parts of a URN: `urn:pulumi:<stack>::<project>::<parent types$type>::<name>`. */
export interface UrnParts {
  stack: string;
  project: string;
  /** The types of the parents and its own, joined by `$`. */
  qualifiedType: string;
  type: string;
  name: string;
}

export const rootType = "pulumi:pulumi:Stack";
const providerPrefix = "pulumi:providers:";

export function partsOf(urn: string): UrnParts {
  const [stack = "", project = "", qualifiedType = "", ...name] = urn.slice("urn:pulumi:".length).split("::");
  return {
    stack,
    project,
    qualifiedType,
    type: qualifiedType.split("$").at(-1) ?? "",
    name: name.join("::"),
  };
}

/** The URN of a resource; the stack itself never stands among the parents. */
export function makeUrn(of: {
  stack: string;
  project: string;
  parentType: string;
  type: string;
  name: string;
}): string {
  const prefix = of.parentType === "" || of.parentType === rootType ? "" : `${of.parentType}$`;
  return `urn:pulumi:${of.stack}::${of.project}::${prefix}${of.type}::${of.name}`;
}

export function parentTypeOf(parent: string | undefined): string {
  return parent ? partsOf(parent).qualifiedType : "";
}

export function isProviderType(type: string): boolean {
  return type.startsWith(providerPrefix);
}

export function providerTypeOf(packageName: string): string {
  return providerPrefix + packageName;
}

export function packageOfProvider(type: string): string {
  return type.slice(providerPrefix.length);
}

/** The package whose provider serves a type, such as `aws` of `aws:s3/bucket:Bucket`. */
export function packageOf(type: string): string {
  return type.split(":")[0] ?? type;
}

/** A reference to a provider resource: its URN and its id. */
export function providerReference(urn: string, id: string): string {
  return `${urn}::${id}`;
}

export function urnOfReference(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}
