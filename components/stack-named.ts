import * as pulumi from "@pulumi/pulumi";

/** The full name of a stack that settings name; one without an owner is of this very project. Pulumi Cloud knows no other. */
export function stackNamed(stack: string): string {
  return stack.includes("/") ? stack : `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
}
