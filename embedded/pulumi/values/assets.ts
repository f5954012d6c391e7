import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { signatureKey, type Properties, type PropertyValue } from "../deployment";
import { isObject, mapProperties } from "./property-value";
import { tarOf } from "./tar";

const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";

/** Assets and archives with the hashes that the state knows them by; paths are below the program's folder. */
export function withAssetHashes(properties: Properties, folder: string): Properties {
  return mapProperties(properties, (value) => hashed(value, folder));
}

function hashed(value: PropertyValue, folder: string): PropertyValue {
  if (Array.isArray(value)) return value.map((item) => hashed(item, folder));
  if (!isObject(value)) return value;
  if (value[signatureKey] === assetSignature) return assetOf(value, folder);
  if (value[signatureKey] === archiveSignature) return archiveOf(value, folder);
  return withAssetHashes(value, folder);
}

function assetOf(asset: Properties, folder: string): Properties {
  return { ...withoutMark(asset), hash: sha256(contentOf(asset, folder)) };
}

function archiveOf(archive: Properties, folder: string): Properties {
  if (!isObject(archive.assets)) throw needsCli("an archive that is a file, a folder or an address");
  const assets = Object.entries(archive.assets).sort(([a], [b]) => (a < b ? -1 : 1));
  const files = assets.map(([name, asset]) => {
    if (!isObject(asset) || asset[signatureKey] !== assetSignature)
      throw needsCli("an archive inside an archive");
    return { name, content: contentOf(asset, folder) };
  });
  const inside = Object.fromEntries(
    assets.map(([name, asset]) => [name, assetOf(asset as Properties, folder)]),
  );
  return { ...withoutMark(archive), assets: inside, hash: sha256(tarOf(files)) };
}

function contentOf(asset: Properties, folder: string): Buffer {
  if (typeof asset.text === "string") return Buffer.from(asset.text);
  if (typeof asset.path === "string") return readFileSync(resolve(folder, asset.path));
  throw needsCli("an asset at an address");
}

/** The SDK marks its own objects for itself; the state does without. */
function withoutMark(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith("__pulumi")));
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function needsCli(what: string): Error {
  return new Error(
    `${what}: the embedded engine does not do this; run it with the Pulumi CLI (\`--engine pulumi\`)`,
  );
}
