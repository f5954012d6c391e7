import { anySignal, OperatorError, messageOf, type Secret } from "../../../support";
import { flyPlatform, indexTypes, manifestTypes, platformsOf } from "./platforms";
import { RegistryClient } from "./registry-client";

/** What a registry lets somebody in by. */
export interface RegistryLogin {
  user: string;
  password: Secret;
}

export interface ResolveOptions {
  login?: RegistryLogin | undefined;
  fetch?: typeof fetch;
  signal?: AbortSignal | undefined;
  /** "https" unless told otherwise. */
  scheme?: "https" | "http";
}

const timeoutMs = 20_000;

/** The image by its digest, as its registry knows it now; what is named by a digest already is only looked for. */
export async function resolveImage(image: string, options: ResolveOptions = {}): Promise<string> {
  const { registry, repository, reference } = partsOf(image);
  const host = registry === "docker.io" ? "registry-1.docker.io" : registry;
  const base = `${options.scheme ?? "https"}://${host}/v2/${repository}`;
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = anySignal([options.signal, deadline]);
  const client = new RegistryClient({ base, login: options.login, send: options.fetch ?? fetch, signal });
  try {
    return `${registry}/${repository}@${await askDigest(client, image, reference)}`;
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    options.signal?.throwIfAborted();
    throw unusable(image, messageOf(error));
  }
}

async function askDigest(client: RegistryClient, image: string, reference: string): Promise<string> {
  const accept = [...indexTypes, ...manifestTypes].join(", ");
  const response = await client.ask("HEAD", `/manifests/${reference}`, accept);
  if (response.status === 404) throw missing(image);
  if (!response.ok) throw unusable(image, `its registry answers ${response.status}`);
  const digest = response.headers.get("docker-content-digest") ?? "";
  if (!/^sha256:[0-9a-f]{64}$/.test(digest))
    throw unusable(image, "its registry did not say what the digest is");
  const [type = ""] = (response.headers.get("content-type") ?? "").split(";");
  const platforms = await platformsOf(client, { digest, type });
  if (platforms.length > 0 && !platforms.includes(flyPlatform)) throw elsewhere(image, platforms);
  return digest;
}

interface ImageParts {
  registry: string;
  repository: string;
  /** A tag or a digest. */
  reference: string;
}

/** "host/name:tag" or "host/name@digest" in its parts; without a host it is Docker's own registry. */
export function partsOf(image: string): ImageParts {
  const [named = "", digest] = image.split("@");
  const slash = named.indexOf("/");
  const first = slash < 0 ? "" : named.slice(0, slash);
  const hasHost = /[.:]/.test(first) || first === "localhost";
  const rest = hasHost ? named.slice(slash + 1) : named;
  const colon = rest.lastIndexOf(":");
  const name = colon < 0 ? rest : rest.slice(0, colon);
  const repository = hasHost || name.includes("/") ? name : `library/${name}`;
  const tag = colon < 0 ? "latest" : rest.slice(colon + 1);
  return { registry: hasHost ? first : "docker.io", repository, reference: digest ?? tag };
}

function missing(image: string): OperatorError {
  const tag = partsOf(image).reference;
  const isCommit = /^[0-9a-f]{7,40}$/.test(tag);
  return new OperatorError({
    code: "image-missing",
    message: isCommit
      ? `the image of commit ${tag} is not built yet: there is no ${image}`
      : `there is no image ${image}`,
    remedy: "Let the build push it first, or name one that is there.",
  });
}

function elsewhere(image: string, platforms: readonly string[]): OperatorError {
  return new OperatorError({
    code: "image-platform",
    message: `image ${image} is for ${platforms.join(" and ")}, and machines at Fly are ${flyPlatform}`,
    remedy: `Build it with --platform ${flyPlatform} and push it again.`,
  });
}

function unusable(image: string, reason: string): OperatorError {
  return new OperatorError({
    code: "image-unresolved",
    message: `the digest of image ${image} could not be found out: ${reason}`,
    remedy: "Look whether the registry is reachable and the login is right, then run the command again.",
  });
}
