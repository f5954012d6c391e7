import { z } from "zod";

export const appSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  status: z.string().optional(),
  network: z.string().nullish(),
  internal_numeric_id: z.int().optional(),
  machine_count: z.int().optional(),
  volume_count: z.int().optional(),
  organization: z.looseObject({ name: z.string(), slug: z.string() }).nullish(),
});

export const appListSchema = z.looseObject({
  apps: z.array(appSchema).nullable(),
  next_cursor: z.string().nullish(),
});

/** The description lists no body, newer editions `{id, created_at}`. */
export const createdAppSchema = z.looseObject({ id: z.string().optional() }).nullish();

export const regionsSchema = z
  .looseObject({
    regions: z.array(z.looseObject({ code: z.string(), name: z.string() })).optional(),
    Regions: z.array(z.looseObject({ code: z.string(), name: z.string() })).optional(),
  })
  .transform((answer) => answer.Regions ?? answer.regions ?? []);

export const placementsSchema = z.looseObject({
  regions: z
    .array(z.looseObject({ region: z.string(), count: z.int().optional(), concurrency: z.int().optional() }))
    .nullable(),
});

export type FlyAppView = z.infer<typeof appSchema>;
export type FlyRegion = z.infer<typeof regionsSchema>[number];
export type Placement = NonNullable<z.infer<typeof placementsSchema>["regions"]>[number];

export interface AppCreation {
  name: string;
  org_slug: string;
  network?: string;
  /** The same key with the same body is the same creation: it may be repeated. */
  idempotency_key?: string;
}

/** Where machines of a size are to find room. */
export interface PlacementQuestion {
  org_slug: string;
  region?: string;
  count?: number;
  compute?: { cpu_kind?: string; cpus?: number; memory_mb?: number };
  volume_name?: string;
  volume_size_bytes?: number;
}
