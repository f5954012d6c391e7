import type * as pulumi from "@pulumi/pulumi";
import { SettingsError, type Settings } from "./settings";
import { namedBucket } from "./store-address";

/** The bucket for what people upload, by its name; none where the settings want none. */
export function uploadsBucket({ app, backup, environment }: Settings): pulumi.Output<string> | undefined {
  const { uploads } = app;
  if (uploads === undefined) return undefined;
  const { bucket, adopt } = uploads;
  if (bucket !== undefined && bucket === namedBucket(backup.store).bucket)
    throw refused("app.uploads.bucket", `is ${bucket}, which holds the archives`, "a bucket of its own");
  if (adopt && bucket === undefined)
    throw refused("app.uploads.bucket", "is not set", "the name of the bucket that is adopted");
  const { UploadsBucket } =
    require("../components/uploads-bucket") as typeof import("../components/uploads-bucket");
  return new UploadsBucket("uploads", { environment, bucket, adopt }).bucket;
}

function refused(path: string, value: string, allowed: string): SettingsError {
  return new SettingsError([{ key: `dnd-tracker:${path}`, value, allowed }]);
}
