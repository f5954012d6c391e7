import { z } from "zod";

export const leaseSchema = z.looseObject({
  /** Missing for everyone but the holder. */
  nonce: z.string().optional(),
  /** Seconds since 1970. */
  expires_at: z.int(),
  owner: z.string().optional(),
  version: z.string().optional(),
  description: z.string().nullish(),
});

/** The description shows a bare lease; the API wraps it. */
export const leaseAnswerSchema = z
  .union([z.looseObject({ status: z.string(), data: leaseSchema }), leaseSchema])
  .transform((answer): Lease =>
    "data" in answer ? leaseSchema.parse(answer.data) : leaseSchema.parse(answer),
  );

export type Lease = z.infer<typeof leaseSchema>;

/** A lease that the caller holds. */
export interface HeldLease extends Lease {
  nonce: string;
}
