import * as pulumi from "@pulumi/pulumi";
import { readPassed, type Image } from "../infra/engines/release";
import type { PromotionWish } from "../infra/resources";
import { referenceTo } from "./stack-reference";

/** What the stack before knows of an image, by its outputs; an override asks nobody, for that stack may be gone. */
export function promotedFrom(
  { from, override }: { from: string; override: string | null },
  image: pulumi.Output<Image>,
): pulumi.Output<PromotionWish> {
  if (override !== null) return pulumi.output({ from, override, passed: null, newest: null });
  const there = referenceTo(from).getOutput("passed").apply(readPassed);
  return pulumi.all([there, image]).apply(([all, { digest }]) => ({
    from,
    override,
    passed: all.find((one) => one.digest === digest) ?? null,
    newest: all[0] ?? null,
  }));
}
