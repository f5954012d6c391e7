import { z } from "zod";

const requirementsSchema = z.looseObject({
  a: z.array(z.string()).nullish(),
  aaaa: z.array(z.string()).nullish(),
  cname: z.string().nullish(),
  acme_challenge: z.looseObject({ name: z.string(), target: z.string() }).nullish(),
  ownership: z
    .looseObject({ name: z.string(), app_value: z.string().nullish(), org_value: z.string().nullish() })
    .nullish(),
});

/** A host name and how far its certificate is; it may stay pending for ever. */
export const certificateSchema = z.looseObject({
  hostname: z.string(),
  configured: z.boolean().optional(),
  acme_requested: z.boolean().optional(),
  status: z.string().optional(),
  dns_provider: z.string().nullish(),
  rate_limited_until: z.string().nullish(),
  certificates: z
    .array(
      z.looseObject({
        source: z.string().optional(),
        status: z.string().optional(),
        expires_at: z.string().nullish(),
      }),
    )
    .nullish(),
  dns_requirements: requirementsSchema.nullish(),
  validation: z
    .looseObject({
      dns_configured: z.boolean().optional(),
      alpn_configured: z.boolean().optional(),
      http_configured: z.boolean().optional(),
      ownership_txt_configured: z.boolean().optional(),
    })
    .nullish(),
  validation_errors: z
    .array(
      z.looseObject({ code: z.string(), message: z.string().optional(), remediation: z.string().optional() }),
    )
    .nullish(),
});

export const certificateListSchema = z.looseObject({
  certificates: z
    .array(
      z.looseObject({
        hostname: z.string(),
        status: z.string().optional(),
        configured: z.boolean().optional(),
      }),
    )
    .nullable(),
  next_cursor: z.string().nullish(),
  total_count: z.int().optional(),
});

export type FlyCertificate = z.infer<typeof certificateSchema>;
export type CertificateSummary = NonNullable<z.infer<typeof certificateListSchema>["certificates"]>[number];
