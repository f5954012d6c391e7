import type { ResourceValidationPolicy } from "@pulumi/policy";
import { isProduction, kinds, objectAt, rule, type Judged } from "./rule";

const tagged = [kinds.bucket, kinds.role, kinds.project, kinds.cluster];
const wantedTags = ["app", "environment"];
const data = [kinds.bucket, kinds.project, kinds.cluster];

/** What holds of everything that costs money or holds data. */
export const careRules: ResourceValidationPolicy[] = [
  rule("tags", "Everything that costs money says whose it is.", tagged, ({ props }) =>
    wantedTags.filter((tag) => !objectAt(props, "tags")[tag]).map((tag) => `has no tag ${tag}`),
  ),
  rule("data-protected", "What holds production's data is protected.", data, (judged) =>
    isProduction(judged) && !judged.opts.protect ? ["is not protected"] : [],
  ),
  rule("archives-kept", "Archives outlive their stack.", [kinds.bucket], (judged) =>
    isKept(judged) ? [] : ["would be emptied or deleted with its stack"],
  ),
];

function isKept({ props }: Judged): boolean {
  return props.forceDestroy !== true;
}
