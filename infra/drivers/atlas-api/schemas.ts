import { z } from "zod";

export const projectSchema = z.object({ id: z.string().min(1), name: z.string() });

export type AtlasProject = z.infer<typeof projectSchema>;

const hardware = z.object({ instanceSize: z.string().optional() });

/** A cluster as it is in the versions since August 2024. */
export const clusterSchema = z.object({
  id: z.string().optional(),
  name: z.string(),
  /** IDLE, CREATING, UPDATING, REPAIRING, DELETING and what may come. */
  stateName: z.string().optional(),
  backupEnabled: z.boolean().optional(),
  tags: z.array(z.object({ key: z.string(), value: z.string() })).optional(),
  /** Where it is; none of them while it is made. */
  connectionStrings: z
    .object({ standard: z.string().optional(), standardSrv: z.string().optional() })
    .optional(),
  replicationSpecs: z
    .array(
      z.object({
        regionConfigs: z
          .array(z.object({ providerName: z.string().optional(), electableSpecs: hardware.optional() }))
          .optional(),
      }),
    )
    .optional(),
});

export type AtlasCluster = z.infer<typeof clusterSchema>;

export const snapshotSchema = z.object({
  id: z.string().min(1),
  /** queued, inProgress, completed, failed. */
  status: z.string().optional(),
  createdAt: z.string().optional(),
  expiresAt: z.string().optional(),
});

export type AtlasSnapshot = z.infer<typeof snapshotSchema>;

const accessEntrySchema = z.object({
  ipAddress: z.string().optional(),
  cidrBlock: z.string().optional(),
  comment: z.string().optional(),
  /** Absent where the entry stays until somebody removes it. */
  deleteAfterDate: z.iso.datetime({ offset: true }).optional(),
});

export type AccessEntry = z.infer<typeof accessEntrySchema>;

export const accessPageSchema = z.object({
  results: z.array(accessEntrySchema).optional(),
  totalCount: z.int().nonnegative().optional(),
});

export const accessStateSchema = z.object({ STATUS: z.enum(["PENDING", "ACTIVE", "FAILED"]) });

export type AccessState = z.infer<typeof accessStateSchema>["STATUS"];

export const callerAddressSchema = z.object({ currentIpv4Address: z.ipv4() });

export const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/** What Atlas says when it refuses. */
export const refusalSchema = z.looseObject({
  detail: z.string().optional(),
  reason: z.string().optional(),
  errorCode: z.string().optional(),
  parameters: z.array(z.unknown()).nullish(),
});
