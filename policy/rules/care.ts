import type { ResourceValidationPolicy } from "@pulumi/policy";
import { isProduction, kinds, objectAt, rule, type Judged } from "./rule";

const tagged = [kinds.bucket, kinds.role, kinds.project, kinds.cluster];
const wantedTags = ["app", "environment"];
const environments = ["development", "staging", "production"];
const data = [kinds.bucket, kinds.project, kinds.cluster];

/** Classes that hold data as well, that nobody needs any more, and that no rule here would look at. */
const unjudged = [
  /^mongodbatlas:index\/(cluster|flexCluster|serverlessInstance):/,
  /^aws:s3\/\w+V2:/,
  /^aws:s3\/(directoryBucket|vectorsVectorBucket):/,
];

/** What holds of everything that costs money or holds data. */
export const careRules: ResourceValidationPolicy[] = [
  rule("tags", "Everything that costs money says whose it is.", tagged, ({ props }) => {
    const tags = objectAt(props, "tags");
    const { environment } = tags;
    return [
      ...wantedTags.filter((tag) => !tags[tag]).map((tag) => `has no tag ${tag}`),
      ...(environment && !environments.includes(String(environment))
        ? [`is tagged ${String(environment)}, which is no environment`]
        : []),
    ];
  }),
  rule("data-protected", "What holds production's data is protected.", data, (judged) =>
    isProduction(judged) && !judged.opts.protect ? ["is not protected"] : [],
  ),
  rule("archives-kept", "Archives outlive their stack.", [kinds.bucket], (judged) =>
    isKept(judged) ? [] : ["would be emptied or deleted with its stack"],
  ),
  rule(
    "classes-judged",
    "Clusters and buckets are of the classes that these rules judge.",
    "any",
    ({ type }) =>
      unjudged.some((one) => one.test(type)) ? [`is a ${type}: none of these rules looks at it`] : [],
  ),
];

function isKept({ props }: Judged): boolean {
  return props.forceDestroy !== true;
}
