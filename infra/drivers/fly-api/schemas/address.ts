import { z } from "zod";

export const addressTypes = [
  "v4",
  "v6",
  "shared_v4",
  "private_v6",
  "egress_v4",
  "egress_v6",
  "egress_pair",
] as const;

export const addressSchema = z.looseObject({
  ip: z.string(),
  type: z.string().optional(),
  region: z.string().nullish(),
  service_name: z.string().nullish(),
  shared: z.boolean().optional(),
  created_at: z.string().nullish(),
  network: z.looseObject({ name: z.string(), org_slug: z.string() }).nullish(),
});

export const addressListSchema = z.looseObject({ ips: z.array(addressSchema).nullable() });

export type AddressType = (typeof addressTypes)[number];
export type FlyAddress = z.infer<typeof addressSchema>;

export interface AddressWish {
  type: AddressType;
  region?: string;
  org_slug?: string;
  network?: string;
  service_name?: string;
}
