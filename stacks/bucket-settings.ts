import { z } from "zod";

/** The bucket for archives, of a stack that has one of its own. */
export const bucketSettings = z.strictObject({
  /** Takes over a bucket that is there, which stays as it is but for what is set here; left as it is from then on. */
  adopt: z.boolean().default(false),
  /** A key of AWS KMS that archives are encrypted with; AES256 unless given. */
  kmsKey: z
    .string()
    .regex(/^(arn:aws:kms:|platform:[A-Za-z]\w*$)/, "the ARN of a key of AWS KMS, or platform:OUTPUT")
    .optional(),
  /** Archives are moved to a cheaper class that answers at once, so many days after they were made. */
  archiveClass: z.enum(["STANDARD_IA", "GLACIER_IR", "none"]).default("STANDARD_IA"),
  /** A bucket that is there, which gets the log of who asked for what. */
  accessLogs: z.string().optional(),
  /** Another region, which gets a copy of everything; not beside kmsKey, which is of one region. */
  replicaRegion: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region of AWS such as eu-west-1")
    .optional(),
  /** Who may take the role that makes backups, by OpenID Connect; nobody unless given. */
  backupRole: z
    .strictObject({
      /** https://… of who vouches. */
      issuer: z.url({
        protocol: /^https$/,
        error: "an address such as https://token.actions.githubusercontent.com",
      }),
      audience: z.string().default("sts.amazonaws.com"),
      /** Whom, in the issuer's words, such as repo:guild/tracker:environment:production. */
      subject: z.string().regex(/^[^*]+$/, "one subject, without *"),
    })
    .optional(),
});

export type BucketSettings = z.infer<typeof bucketSettings>;
