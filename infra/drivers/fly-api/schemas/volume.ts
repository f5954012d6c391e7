import { z } from "zod";

export const volumeSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  size_gb: z.int(),
  region: z.string(),
  zone: z.string().nullish(),
  encrypted: z.boolean().optional(),
  attached_machine_id: z.string().nullish(),
  attached_alloc_id: z.string().nullish(),
  host_status: z.string().optional(),
  snapshot_retention: z.int().nullish(),
  auto_backup_enabled: z.boolean().optional(),
  created_at: z.string(),
});

export const extendedSchema = z.looseObject({ volume: volumeSchema, needs_restart: z.boolean().optional() });

export const snapshotSchema = z.looseObject({
  id: z.string(),
  created_at: z.string().nullish(),
  size: z.int().nullish(),
  status: z.string().nullish(),
});

export type FlyVolume = z.infer<typeof volumeSchema>;
export type VolumeSnapshot = z.infer<typeof snapshotSchema>;

export interface VolumeCreation {
  name: string;
  region: string;
  size_gb?: number;
  encrypted?: boolean;
  snapshot_retention?: number;
  auto_backup_enabled?: boolean;
  require_unique_zone?: boolean;
  snapshot_id?: string;
  source_volume_id?: string;
  compute?: { cpu_kind?: string; cpus?: number; memory_mb?: number };
}
