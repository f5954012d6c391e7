import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FlyStack } from "../harness/fly-stack";
import { programsOnPath } from "../harness/programs-on-path";
import { complaintOf, dnd as run } from "../ops/dnd";

const database = "fly_build";
let stack: FlyStack;
let folder: string;
let path: string;
let first: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-fly-build-"));
  stack = await FlyStack.open({ database, app: { machines: 1 }, anyImage: true });
  path = await programsOnPath(join(folder, "bin"), {
    docker: "docker.ts",
    "pulumi-resource-command": "command-plugin.ts",
  });
  await mkdir(join(folder, "sources"));
  await sources("1");
}, 240_000);
afterAll(async () => {
  await stack.close();
  await rm(folder, { recursive: true, force: true });
});

const dnd = (command: string, ...args: string[]) => stack.dndWith({ PATH: path }, command, ...args);
const sources = (text: string) => writeFile(join(folder, "sources", "server.js"), text);
const repository = () => `${stack.registry.host}/guild/tracker`;
const build = (more: object = {}) =>
  stack.want("unused", {
    repository: repository(),
    build: { context: join(folder, "sources"), args: { APP_VERSION: "1.4.0" }, ...more },
  });
const image = () => stack.fly.world.app("tracker").living[0]?.config.image ?? "";

describe("an app whose image the stack builds", () => {
  test("is built, pushed, and deployed by the digest that it got, once", async () => {
    await build();
    expect(complaintOf(await dnd("up", "--yes"))).toBe("");
    first = image();
    const [name, digest = ""] = first.split("@");
    expect(name).toBe(repository());
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect((await fetch(`http://${stack.registry.host}/v2/guild/tracker/manifests/${digest}`)).status).toBe(
      200,
    );
    expect(complaintOf(await dnd("up", "--yes", "--expect-no-changes"))).toBe("");
  }, 400_000);

  test("is another image when its sources are others, which a preview plans before there is one", async () => {
    const before = image();
    await sources("2");
    const preview = await dnd("preview", "--diff");
    expect(complaintOf(preview)).toBe("");
    expect(preview.stdout).toContain("known after the build");
    expect(image()).toBe(before);
  }, 400_000);

  test("that a refused up has pushed can be signed, and goes out with the next one", async () => {
    const key = join(folder, "ada");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "ada", "-f", key]);
    const signers = join(folder, "signers");
    await writeFile(signers, `ada@example.org ${await readFile(`${key}.pub`, "utf8")}`);
    stack.release = { approvals: { signers, needed: 1 } };
    const before = image();
    await build();
    const refused = await dnd("up", "--yes");
    expect(refused.code).toBe(3);
    expect(refused.stdout + refused.stderr).toContain("approvals");
    expect(image()).toBe(before);
    const approve = ["release", "approve", "next", "--key", key];
    const at = ["--stack", "trial", "--config-file", stack.configFile];
    const signed = await run([...approve, ...at], { ...stack.env, PATH: path });
    expect(complaintOf(signed)).toBe("");
    expect(signed.stdout).toContain("1 of 1 have signed");
    expect(complaintOf(await dnd("up", "--yes"))).toBe("");
    expect(image()).not.toBe(before);
    stack.release = {};
    await build();
  }, 400_000);

  test("is the same image again when its sources are the same again", async () => {
    await sources("1");
    expect(complaintOf(await dnd("up", "--yes"))).toBe("");
    expect(image()).toBe(first);
  }, 400_000);

  test("stays as it is when a build fails, and its words are shown", async () => {
    const before = image();
    await cp(join(folder, "sources"), join(folder, "others"), { recursive: true });
    await build({ context: join(folder, "others"), dockerfile: "Nofile" });
    const failed = await dnd("up", "--yes");
    expect(failed.code).not.toBe(0);
    expect(failed.stdout + failed.stderr).toContain("failed to read dockerfile");
    expect(image()).toBe(before);
  }, 400_000);
});
