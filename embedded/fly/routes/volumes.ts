import { z } from "zod";
import { refuse } from "../refusal";
import type { Volume } from "../world/volume";
import { time } from "./machine-view";
import { bodyOf, paramOf, type Answer, type Asked, type Route } from "./route";

const volumesPath = "/v1/apps/{app}/volumes";
const volumePath = `${volumesPath}/{volume}`;

const creation = z.looseObject({
  name: z.string().regex(/^[a-z0-9_]{1,30}$/, "must be small letters, digits and underscores, at most 30"),
  region: z.string().optional(),
  size_gb: z.int().min(1).max(500).nullish(),
  encrypted: z.boolean().nullish(),
  snapshot_retention: z.int().min(1).max(60).nullish(),
  auto_backup_enabled: z.boolean().nullish(),
  snapshot_id: z.string().nullish(),
  source_volume_id: z.string().nullish(),
});
const settings = z.looseObject({
  snapshot_retention: z.int().min(1).max(60).nullish(),
  auto_backup_enabled: z.boolean().nullish(),
});
const growth = z.looseObject({ size_gb: z.int().min(1).max(500) });

export const volumeRoutes: Route[] = [
  {
    method: "GET",
    path: volumesPath,
    action: "list volumes",
    answer: (asked) => ({ body: [...appOf(asked).volumes.values()].map(viewOfVolume) }),
  },
  { method: "POST", path: volumesPath, action: "create volume", answer: create },
  {
    method: "GET",
    path: volumePath,
    action: "look volume",
    answer: (asked) => ({ body: viewOfVolume(volumeOf(asked)) }),
  },
  { method: "PUT", path: volumePath, action: "update volume", answer: update },
  { method: "POST", path: volumePath, action: "update volume", answer: update },
  {
    method: "DELETE",
    path: volumePath,
    action: "delete volume",
    answer: (asked) => {
      const volume = volumeOf(asked);
      volume.refuseWhileAttached();
      appOf(asked).volumes.delete(volume.id);
      return { body: { ...viewOfVolume(volume), state: "destroyed" } };
    },
  },
  {
    method: "PUT",
    path: `${volumePath}/extend`,
    action: "extend volume",
    answer: (asked) => {
      const volume = volumeOf(asked);
      volume.extend(bodyOf(asked, growth).size_gb);
      return { body: { volume: viewOfVolume(volume), needs_restart: volume.attachedTo !== null } };
    },
  },
  {
    method: "GET",
    path: `${volumePath}/snapshots`,
    action: "list snapshots",
    answer: (asked) => {
      const { snapshots, sizeGb, snapshotRetention } = volumeOf(asked);
      const body = snapshots.map(({ id, createdAt }) => ({
        id,
        created_at: time(createdAt),
        status: "created",
        size: 0,
        volume_size: sizeGb * 2 ** 30,
        retention_days: snapshotRetention,
      }));
      return { body };
    },
  },
  {
    method: "POST",
    path: `${volumePath}/snapshots`,
    action: "take snapshot",
    answer: (asked) => {
      volumeOf(asked).takeSnapshot();
      return {};
    },
  },
];

/** A volume as the API shows it. */
export function viewOfVolume(volume: Volume): Record<string, unknown> {
  return {
    id: volume.id,
    name: volume.wish.name,
    state: "created",
    size_gb: volume.sizeGb,
    region: volume.wish.region,
    zone: volume.zone,
    encrypted: volume.wish.encrypted,
    attached_machine_id: volume.attachedTo,
    attached_alloc_id: null,
    host_status: volume.hostStatus,
    snapshot_retention: volume.snapshotRetention,
    auto_backup_enabled: volume.autoBackup,
    created_at: time(volume.createdAt),
    blocks: 0,
    block_size: 4096,
    blocks_free: 0,
    blocks_avail: 0,
    fstype: "ext4",
  };
}

function appOf(asked: Asked) {
  return asked.world.app(paramOf(asked, "app"));
}

function volumeOf(asked: Asked): Volume {
  return appOf(asked).volume(paramOf(asked, "volume"));
}

function create(asked: Asked): Answer {
  const wish = bodyOf(asked, creation);
  const app = appOf(asked);
  const { regions, conditions } = asked.world.options;
  const region = wish.region ?? regions[0] ?? "";
  if (!regions.includes(region)) throw refuse(400, `invalid_argument: region ${region} not found`);
  if (conditions.noVolumeRoom.has(region)) {
    throw refuse(422, "insufficient resources available to fulfill request: volume", {
      status: "volume_placement_capacity",
    });
  }
  const source = wish.source_volume_id ? app.volume(wish.source_volume_id) : undefined;
  const volume = app.addVolume({
    name: wish.name,
    region,
    sizeGb: wish.size_gb ?? source?.sizeGb ?? 3,
    encrypted: wish.encrypted ?? true,
    snapshotRetention: wish.snapshot_retention ?? 5,
    autoBackup: wish.auto_backup_enabled ?? true,
  });
  return { body: viewOfVolume(volume) };
}

function update(asked: Asked): Answer {
  const { snapshot_retention: retention, auto_backup_enabled: backup } = bodyOf(asked, settings);
  const volume = volumeOf(asked);
  volume.snapshotRetention = retention ?? volume.snapshotRetention;
  volume.autoBackup = backup ?? volume.autoBackup;
  return { body: viewOfVolume(volume) };
}
