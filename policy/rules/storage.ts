import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { whyNotPolicy } from "./bucket-policy";
import { isProduction, kinds, listAt, objectAt, rule } from "./rule";

const closed = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];
const atOnce = ["STANDARD_IA", "ONEZONE_IA", "GLACIER_IR", "INTELLIGENT_TIERING"];
/** Days for which a version that was overwritten or deleted can still be brought back. */
const leastNonCurrentDays = 7;
/** What is in these is meant to be deleted: everything else of production is taken for archives. */
const unlocked = ["uploads", "access-logs"];

/** What holds of every bucket by itself. */
export const storageRules: ResourceValidationPolicy[] = [
  rule("bucket-not-public", "No bucket is open to the public.", [kinds.publicAccess], ({ props }) =>
    closed.filter((name) => props[name] !== true).map((name) => `does not set ${name}`),
  ),
  rule(
    "bucket-no-acl",
    "No bucket has a list of its own of who may read it.",
    [kinds.bucket, kinds.bucketAcl],
    ({ props }) => [
      ...(props.acl === undefined || props.acl === "private" ? [] : [`has the acl ${String(props.acl)}`]),
      ...((props.grants ?? props.accessControlPolicy) ? ["grants rights by a list of its own"] : []),
    ],
  ),
  rule("bucket-encrypted", "Every bucket encrypts.", [kinds.encryption], ({ props }) => {
    const algorithms = listAt(props, "rules").map((one) =>
      String(objectAt(one, "applyServerSideEncryptionByDefault").sseAlgorithm),
    );
    const encrypts = (one: string) => ["AES256", "aws:kms", "aws:kms:dsse"].includes(one);
    return algorithms.length > 0 && algorithms.every(encrypts) ? [] : ["does not encrypt"];
  }),
  rule("bucket-versioned", "Every bucket keeps versions.", [kinds.versioning], ({ props }) =>
    objectAt(props, "versioningConfiguration").status === "Enabled" ? [] : ["does not keep versions"],
  ),
  rule(
    "bucket-tls-only",
    "No bucket answers without TLS, and no policy of one lets everybody in.",
    [kinds.bucketPolicy],
    ({ props }) => whyNotPolicy(props.policy),
  ),
  rule(
    "bucket-retention",
    "A lifecycle deletes no current archive and keeps deleted ones for a while.",
    [kinds.lifecycle],
    ({ props, name }) =>
      listAt(props, "rules").flatMap((one) => {
        const days = objectAt(one, "noncurrentVersionExpiration").noncurrentDays;
        const slow = listAt(one, "transitions").filter((to) => !atOnce.includes(String(to.storageClass)));
        return [
          ...(one.expiration !== undefined && !name.endsWith("-logs-lifecycle")
            ? ["deletes current archives, which only retention does"]
            : []),
          ...(typeof days === "number" && days < leastNonCurrentDays
            ? [`keeps deleted archives for less than ${leastNonCurrentDays} days`]
            : []),
          ...slow.map((to) => `moves archives to ${String(to.storageClass)}, which does not answer at once`),
        ];
      }),
  ),
];

const companions = {
  "is not closed to the public": kinds.publicAccess,
  "does not encrypt": kinds.encryption,
  "does not keep versions": kinds.versioning,
  "has no policy that asks for TLS": kinds.bucketPolicy,
} as const;

/** A bucket whose part is missing cannot be refused by a rule about that part. */
export const bucketsComplete: StackValidationPolicy = {
  name: "bucket-complete",
  description: "Every bucket is versioned, encrypted, closed to the public and reached by TLS.",
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    const buckets = resources.filter(({ type }) => type === kinds.bucket);
    for (const { props, name, urn } of buckets)
      for (const [reason, type] of Object.entries(companions))
        if (!resources.some((one) => one.type === type && one.props.bucket === props.bucket))
          report(`${name} ${reason}`, urn);
  },
};

/** A bucket that is taken over gets by a part of its own what a new one is made with. */
export const archivesLocked: StackValidationPolicy = {
  name: "bucket-locked",
  description: "Production's archives can be locked.",
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    for (const one of resources.filter(({ type }) => type === kinds.bucket)) {
      const { props, name, urn } = one;
      const holdsArchives = !unlocked.includes(String(objectAt(props, "tags").purpose));
      const locked =
        props.objectLockEnabled === true ||
        resources.some(({ type, props: part }) => type === kinds.objectLock && part.bucket === props.bucket);
      if (isProduction(one) && holdsArchives && !locked) report(`${name} has no object lock`, urn);
    }
  },
};
