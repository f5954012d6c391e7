import { z } from "zod";
import type { RegistryClient } from "./registry-client";

const platform = z.looseObject({ os: z.string().optional(), architecture: z.string().optional() });
const indexSchema = z.looseObject({ manifests: z.array(z.looseObject({ platform: platform.optional() })) });
const manifestSchema = z.looseObject({ config: z.looseObject({ digest: z.string() }) });

export const indexTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
export const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/** What the machines at Fly are. */
export const flyPlatform = "linux/amd64";

/** The platforms that an image was built for, "linux/arm64"; none where its registry does not tell. */
export async function platformsOf(
  registry: RegistryClient,
  { digest, type }: { digest: string; type: string },
): Promise<string[]> {
  const read = async (path: string) => {
    const response = await registry.ask("GET", path, [...indexTypes, ...manifestTypes].join(", "));
    const value: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
    return value;
  };
  if (indexTypes.includes(type)) {
    const index = indexSchema.safeParse(await read(`/manifests/${digest}`));
    return named((index.data?.manifests ?? []).map((one) => one.platform ?? {}));
  }
  if (!manifestTypes.includes(type)) return [];
  const manifest = manifestSchema.safeParse(await read(`/manifests/${digest}`));
  if (!manifest.success) return [];
  const config = platform.safeParse(await read(`/blobs/${manifest.data.config.digest}`));
  return named(config.success ? [config.data] : []);
}

/** Build records in an index call their platform unknown: they are no image. */
function named(platforms: readonly z.infer<typeof platform>[]): string[] {
  return platforms.flatMap(({ os, architecture }) =>
    os && architecture && os !== "unknown" ? `${os}/${architecture}` : [],
  );
}
