import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { resolveImage } from "../../../../infra/engines/fly";
import { Secret } from "../../../../infra/support";

const digest = `sha256:${"ab".repeat(32)}`;
const index = "application/vnd.oci.image.index.v1+json";
const single = "application/vnd.oci.image.manifest.v1+json";
const arm = { os: "linux", architecture: "arm64" };
const record = { os: "unknown", architecture: "unknown" };
/** What else is in the registry, by path: the digest of all of them is the same, for nobody looks. */
const documents: Record<string, { mediaType: string; [key: string]: unknown }> = {
  "manifests/arms": { mediaType: index },
  "manifests/arm": { mediaType: single },
  "manifests/odd": { mediaType: "text/plain" },
  "blobs/config": { mediaType: "application/octet-stream", ...arm },
};
let server: Server;
let host = "";

beforeAll(async () => {
  server = createServer((request, response) => {
    const { url = "", headers } = request;
    if (url.startsWith("/token")) {
      const known = headers.authorization === `Basic ${Buffer.from("me:right").toString("base64")}`;
      return response.end(JSON.stringify({ token: known ? "good" : "bad" }));
    }
    if (headers.authorization !== "Bearer good") {
      const realm = `Bearer realm="http://${host}/token",service="here",scope="repository:guild/web:pull"`;
      return response.writeHead(401, { "www-authenticate": realm }).end();
    }
    const body = documents[url.replace("/v2/guild/web/", "")];
    if (body) {
      const found = { "docker-content-digest": digest, "content-type": body.mediaType };
      return response.writeHead(200, found).end(JSON.stringify(body));
    }
    if (url !== "/v2/guild/web/manifests/1a2b3c4") return response.writeHead(404).end();
    return response.writeHead(200, { "docker-content-digest": digest }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const resolve = (tag: string, password = "right") =>
  resolveImage(`${host}/guild/web:${tag}`, {
    scheme: "http",
    login: { user: "me", password: new Secret(password) },
  });

test("a tag becomes the digest that the registry has for it, with the login exchanged for a token", async () => {
  expect(await resolve("1a2b3c4")).toBe(`${host}/guild/web@${digest}`);
});

test("an image that is not there yet is named with its commit", async () => {
  await expect(resolve("0f9e8d7")).rejects.toThrow("the image of commit 0f9e8d7 is not built yet");
  await expect(resolve("nightly")).rejects.toMatchObject({ code: "image-missing" });
});

test("a wrong login is refused in words that do not show it", async () => {
  const failed = resolve("1a2b3c4", "canary-password");
  await expect(failed).rejects.toThrow("answers 401");
  await expect(failed).rejects.not.toThrow("canary-password");
});

test("an image for other machines than Fly's is refused before anything is done, whether one or an index", async () => {
  documents[`manifests/${digest}`] = {
    mediaType: index,
    manifests: [{ platform: arm }, { platform: record }],
  };
  await expect(resolve("arms")).rejects.toThrow("is for linux/arm64, and machines at Fly are linux/amd64");
  documents[`manifests/${digest}`] = { mediaType: single, config: { digest: "config" } };
  await expect(resolve("arm")).rejects.toMatchObject({ code: "image-platform" });
  const both = [{ platform: arm }, { platform: { os: "linux", architecture: "amd64" } }];
  documents[`manifests/${digest}`] = { mediaType: index, manifests: both };
  expect(await resolve("arms")).toBe(`${host}/guild/web@${digest}`);
  expect(await resolve("odd")).toBe(`${host}/guild/web@${digest}`);
});
