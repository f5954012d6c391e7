import { randomBytes } from "node:crypto";
import { cp, mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readJson, writeAtomically } from "../../drivers/files";
import { localFolder, projectRoot, type Progress } from "../../support";
import { imageGone, sourcesUnknown } from "./errors";
import { imageOf, type AppImage } from "./image";
import { appSources, entryPoint, pageAssets } from "./sources";

const keepImages = 20;

const manifestSchema = z.object({
  version: z.literal(1),
  image: z.object({ name: z.string(), version: z.string(), digest: z.string() }),
  entry: z.string(),
});

/** An image that can be started. */
export interface StoredImage {
  folder: string;
  /** The program of a machine. */
  command: string[];
}

/** The image, made from the sources unless it is kept from before: what was started once can be started again. */
export async function ensureImage(image: AppImage, progress: Progress): Promise<StoredImage> {
  const folder = folderOf(image);
  if (!(await isComplete(folder, image))) {
    if ((await imageOf(image)).digest !== image.digest) throw imageGone(image);
    progress(`building ${image.name} ${image.version}`);
    await build(image, folder);
  }
  await utimes(folder, new Date(), new Date());
  const entry = join(folder, "server.js");
  return { folder, command: [process.execPath, "--enable-source-maps", entry] };
}

/** Whether an image can be started here: kept from before, or what the sources of this checkout make. */
export async function isImageHere(image: AppImage): Promise<boolean> {
  return (await isComplete(folderOf(image), image)) || (await imageOf(image)).digest === image.digest;
}

/** Drops the images that were not started for longest, but never one that is in use. */
export async function pruneImages(inUse: ReadonlySet<string>): Promise<void> {
  const root = localFolder("images");
  const names = await readdir(root).catch(() => []);
  const aged = await Promise.all(
    names.map(async (name) => ({ name, used: (await stat(join(root, name))).mtimeMs })),
  );
  const used = new Set([...inUse].map(nameOf));
  const old = aged.sort((a, b) => b.used - a.used).slice(keepImages);
  for (const { name } of old)
    if (!used.has(name)) await rm(join(root, name), { recursive: true, force: true });
}

function nameOf(digest: string): string {
  return digest.replace(/^sha256:/, "");
}

function folderOf(image: AppImage): string {
  return localFolder("images", nameOf(image.digest));
}

async function isComplete(folder: string, image: AppImage): Promise<boolean> {
  const manifest = await readJson(join(folder, "manifest.json"), manifestSchema).catch(() => undefined);
  return manifest?.image.digest === image.digest;
}

/** Made beside its place and moved there whole: a half-made image never has the name of one. */
async function build(image: AppImage, folder: string): Promise<void> {
  const making = `${folder}.${randomBytes(4).toString("hex")}.new`;
  await mkdir(making, { recursive: true, mode: 0o700 });
  try {
    await bundle(making);
    await cp(join(projectRoot, pageAssets), join(making, "assets"), { recursive: true });
    const manifest: z.infer<typeof manifestSchema> = { version: 1, image, entry: "server.js" };
    await writeAtomically(join(making, "manifest.json"), JSON.stringify(manifest, null, 2));
    if ((await imageOf(image)).digest !== image.digest) throw imageGone(image);
    await rm(folder, { recursive: true, force: true });
    await rename(making, folder);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

async function bundle(folder: string): Promise<void> {
  const esbuild = require("esbuild") as typeof import("esbuild");
  const { metafile } = await esbuild.build({
    absWorkingDir: projectRoot,
    entryPoints: [entryPoint],
    outfile: join(folder, "server.js"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    sourcemap: "linked",
    sourcesContent: false,
    metafile: true,
    logLevel: "silent",
    tsconfigRaw: {},
  });
  const known = await appSources();
  const unknown = Object.keys(metafile.inputs).filter(
    (name) => !name.includes("node_modules/") && !name.startsWith("(") && !known.has(name),
  );
  if (unknown.length > 0) throw sourcesUnknown(unknown);
}
