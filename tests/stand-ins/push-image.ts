import { createHash } from "node:crypto";

const digestOf = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const types = {
  config: "application/vnd.oci.image.config.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
};

/** A registry to push to, and how one is let in. */
export interface PushPlace {
  base: string;
  headers?: Record<string, string>;
  /** What makes the image another one than those of the same platform. */
  labels?: Record<string, string>;
}

/** Pushes an image without layers, for the platforms named; an index of them where there are several. */
export async function pushImage(place: PushPlace, tag: string, ...platforms: string[]): Promise<string> {
  const isIndex = platforms.length !== 1;
  const manifests: object[] = [];
  for (const name of platforms) {
    const [os, architecture] = name.split("/");
    const platform = { os, architecture };
    const rootfs = { type: "layers", diff_ids: [] };
    const config = JSON.stringify({ ...platform, rootfs, config: { Labels: place.labels } });
    await pushBlob(place, config);
    const manifest = JSON.stringify({
      ...{ schemaVersion: 2, mediaType: types.manifest, layers: [] },
      config: { mediaType: types.config, digest: digestOf(config), size: config.length },
    });
    const digest = await put(place, isIndex ? digestOf(manifest) : tag, types.manifest, manifest);
    if (!isIndex) return digest;
    manifests.push({ mediaType: types.manifest, digest, size: manifest.length, platform });
  }
  const index = { schemaVersion: 2, mediaType: types.index, manifests };
  return put(place, tag, types.index, JSON.stringify(index));
}

async function pushBlob({ base, headers = {} }: PushPlace, content: string): Promise<void> {
  const begun = await fetch(`${base}/blobs/uploads/`, { method: "POST", headers });
  const url = new URL(begun.headers.get("location") ?? "", base);
  url.searchParams.set("digest", digestOf(content));
  const type = { "content-type": "application/octet-stream" };
  const { status } = await fetch(url, { method: "PUT", body: content, headers: { ...headers, ...type } });
  if (status !== 201) throw new Error(`the registry answers ${status} to a blob`);
}

async function put(
  { base, headers = {} }: PushPlace,
  reference: string,
  type: string,
  body: string,
): Promise<string> {
  const answer = await fetch(`${base}/manifests/${reference}`, {
    ...{ method: "PUT", body },
    headers: { ...headers, "content-type": type },
  });
  if (answer.status !== 201) throw new Error(`the registry answers ${answer.status}: ${await answer.text()}`);
  return digestOf(body);
}
