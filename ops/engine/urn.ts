/** Type and name out of `urn:pulumi:<stack>::<project>::<parents>$<type>::<name>`. */
export function partsOfUrn(urn: string): { type: string; name: string } {
  const [, , qualifiedType = "", ...name] = urn.split("::");
  return { type: qualifiedType.split("$").at(-1) ?? "", name: name.join("::") };
}

/** How people call a resource: `Backup release-backup`, without the module of its type. */
export function shortName(urn: string): string {
  const { type, name } = partsOfUrn(urn);
  return `${type.split(":").at(-1) ?? type} ${name}`;
}
