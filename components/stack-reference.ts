import * as pulumi from "@pulumi/pulumi";

const references = new Map<string, pulumi.StackReference>();

/** Another stack, by the name that settings have for it; one without an owner is of this very project. A program has one reference to each. */
export function referenceTo(stack: string): pulumi.StackReference {
  // Pulumi Cloud knows no other names than full ones.
  const name = stack.includes("/") ? stack : `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
  const reference = references.get(name) ?? new pulumi.StackReference(name);
  references.set(name, reference);
  return reference;
}
