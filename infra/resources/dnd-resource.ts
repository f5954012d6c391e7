import * as pulumi from "@pulumi/pulumi";
import { providerText } from "./provider-text";

/** A resource's inputs as a program gives them: each may be an output of another. */
export type Wrapped<T> = { [K in keyof T]: pulumi.Input<T[K]> };

/** A custom resource of ours: Pulumi's dynamic host runs its lifecycle, which is looked up by the resource's name. */
export abstract class DndResource extends pulumi.CustomResource {
  protected constructor(
    resource: string,
    name: string,
    inputs: pulumi.Inputs,
    outputs: readonly string[],
    options: pulumi.CustomResourceOptions = {},
  ) {
    const computed = Object.fromEntries(outputs.map((output) => [output, undefined]));
    const type = `pulumi-nodejs:dynamic/dnd:${resource}`;
    const urn = pulumi.createUrn(name, type, options.parent);
    // What it says and records bears its own name. An input called `urn` would never reach its lifecycle, and one that
    // depends on the parent would wait for all the parent's children.
    const self = new Promise<string>((known) => urn.apply(known));
    super(type, name, { ...computed, ...inputs, self, __provider: providerText(resource) }, options);
  }
}
