import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../../../infra/drivers/processes";
import { resolveImage } from "../../../../infra/engines/fly";
import { Secret, waitFor } from "../../../../infra/support";
import { describeWith } from "../../../harness/tools";
import { pushImage, type PushPlace } from "../../../stand-ins/push-image";

/** The registry keeps passwords by bcrypt: this is that of "right". */
const user = "me:$2b$05$abcdefghijklmnopqrstuu8xaCxxL82bnl.UY74PMksDxIJShppPC";

describeWith("docker-registry")("an image in Debian's docker-registry", () => {
  let folder: string;
  let registry: ChildProcess;
  let host: string;
  let place: PushPlace;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "dnd-registry-"));
    const port = await freePort();
    host = `127.0.0.1:${port}`;
    const users = join(folder, "users");
    await writeFile(users, `${user}\n`);
    const config = {
      version: "0.1",
      log: { level: "error" },
      storage: { filesystem: { rootdirectory: join(folder, "images") } },
      http: { addr: host },
      auth: { htpasswd: { realm: "registry", path: users } },
    };
    const file = join(folder, "config.yml");
    await writeFile(file, JSON.stringify(config));
    registry = spawn("docker-registry", ["serve", file], { stdio: "ignore" });
    const headers = { authorization: `Basic ${Buffer.from("me:right").toString("base64")}` };
    place = { base: `http://${host}/v2/guild/web`, headers };
    const isThere = () =>
      fetch(`http://${host}/v2/`, { headers }).then(
        ({ ok }) => ok || undefined,
        () => undefined,
      );
    await waitFor(isThere, { what: "the registry", timeoutMs: 20_000 });
  }, 30_000);
  afterAll(async () => {
    const gone = once(registry, "exit");
    registry.kill("SIGKILL");
    await gone;
    await rm(folder, { recursive: true, force: true });
  });

  const resolve = (reference: string, password = "right") =>
    resolveImage(`${host}/guild/web${reference}`, {
      scheme: "http",
      login: { user: "me", password: new Secret(password) },
    });

  test("is found by its tag and by its digest, as one image and as an index of several", async () => {
    const single = await pushImage(place, "v1", "linux/amd64");
    const index = await pushImage(place, "v2", "linux/arm64", "linux/amd64");
    expect(await resolve(":v1")).toBe(`${host}/guild/web@${single}`);
    expect(await resolve(":v2")).toBe(`${host}/guild/web@${index}`);
    expect(await resolve(`@${index}`)).toBe(`${host}/guild/web@${index}`);
  });

  test("that is not there, or is for another architecture, is refused in words", async () => {
    await expect(resolve(":1a2b3c4d")).rejects.toThrow("the image of commit 1a2b3c4d is not built yet");
    await pushImage(place, "arm", "linux/arm64");
    await expect(resolve(":arm")).rejects.toThrow("is for linux/arm64, and machines at Fly are linux/amd64");
    await pushImage(place, "arms", "linux/arm64", "linux/arm");
    await expect(resolve(":arms")).rejects.toMatchObject({ code: "image-platform" });
  });

  test("is not shown to a wrong login, and the password is in no word of that", async () => {
    const failed = resolve(":v1", "canary-password");
    await expect(failed).rejects.toThrow("answers 401");
    await expect(failed).rejects.not.toThrow("canary-password");
  });
});
