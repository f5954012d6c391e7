import { OperatorError, Secret } from "../../../support";
import { partsOf, resolveImage, type RegistryLogin, type ResolveOptions } from "./resolve-image";

/** Which image an app is to run. */
export interface WantedImage {
  /** An image, a digest alone, or `commit`: the one that was built of this commit. */
  image: string;
  /** Where images of the app are pushed, "registry.fly.io/web". */
  repository: string;
  /** Of the checkout; null where there is none. */
  commit: string | null;
  /** It is still to be built, where its registry has none: its digest is not known yet. */
  toBeBuilt?: boolean;
}

/** An image as a release knows it. */
export interface ResolvedImage {
  /** With its registry, without tag and digest. */
  name: string;
  /** Its tag, or the beginning of its digest. */
  version: string;
  digest: string;
}

/** Stands for the digest in a preview, and nowhere else. */
const digestToCome = "known after the build";

const digestPattern = /^sha256:[0-9a-f]{64}$/;

/** What is wanted in the words of a registry. */
export function wantedReference({ image, repository, commit }: WantedImage): string {
  if (digestPattern.test(image)) return `${repository}@${image}`;
  if (image !== "commit") return image;
  if (commit !== null) return `${repository}:${commit}`;
  throw new OperatorError({
    code: "image-no-commit",
    message: "app.image is `commit`, and this is no checkout of Git",
    remedy: "Set GIT_SHA to the commit that was built, or app.image to an image.",
    kind: "usage",
  });
}

/** The wanted image by its digest, asked of its registry with the login of the environment. */
export async function resolveWantedImage(
  wanted: WantedImage,
  options: ResolveOptions = {},
): Promise<ResolvedImage> {
  const reference = wantedReference(wanted);
  const { registry } = partsOf(reference);
  const tag = partsOf(reference.split("@")[0] ?? "").reference;
  const resolved = await resolveImage(reference, {
    login: registryLogin(registry, process.env),
    ...(isLoopback(registry) ? { scheme: "http" as const } : {}),
    ...options,
  }).catch((error: unknown) => {
    const isMissing = error instanceof OperatorError && error.code === "image-missing";
    if (!isMissing || wanted.toBeBuilt !== true) throw error;
    return `${reference.slice(0, -tag.length - 1)}@${digestToCome}`;
  });
  const [name = "", digest = ""] = resolved.split("@");
  const named = reference.includes("@") && tag === "latest" ? digest.slice(7, 19) : tag;
  return { name, version: named, digest };
}

/** Fly's registry takes the token of the API; any other a user and password of its own. */
function registryLogin(registry: string, env: NodeJS.ProcessEnv): RegistryLogin | undefined {
  const { REGISTRY_USER: user, REGISTRY_PASSWORD: password } = env;
  if (user && password) return { user, password: new Secret(password) };
  const token = env.FLY_ACCESS_TOKEN ?? env.FLY_API_TOKEN;
  return registry === "registry.fly.io" && token ? { user: "x", password: new Secret(token) } : undefined;
}

/** As Docker does: a registry of this machine needs no certificate. */
function isLoopback(registry: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+)(:\d+)?$/.test(registry);
}
