import { spawnSync } from "node:child_process";
import { appendFile, cp, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { imageOf, observeMachines } from "../../../../infra/engines/machines";
import { Secret, projectRoot } from "../../../../infra/support";
import { Fleet } from "./fleet";

const wanted = { name: "tracker", version: "1.0.0" };
let copy: string;
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "dnd-checkout-"));
  for (const part of ["app", "infra", "package.json", "package-lock.json"])
    await cp(join(projectRoot, part), join(copy, part), { recursive: true });
  await symlink(join(projectRoot, "node_modules"), join(copy, "node_modules"));
});
afterAll(() => rm(copy, { recursive: true, force: true }));

/** The digest that another checkout comes to. */
function digestInCopy(): string {
  const script = `require("./infra/engines/machines/image.ts").imageOf(${JSON.stringify(wanted)}).then((image) => console.log(image.digest))`;
  const run = spawnSync(process.execPath, ["--require", "./infra/support/typescript.cjs", "-e", script], {
    cwd: copy,
    encoding: "utf8",
  });
  return run.stdout.trim() || run.stderr;
}

describe("an image", () => {
  test("has one digest wherever it is looked at, and another for every change that matters", async () => {
    const { digest } = await imageOf(wanted);
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(digestInCopy()).toBe(digest);
    expect((await imageOf({ ...wanted, version: "1.0.1" })).digest).not.toBe(digest);

    await appendFile(join(copy, "infra", "drivers", "processes", "router.ts"), "\n// not in the app\n");
    expect(digestInCopy()).toBe(digest);
    const seen = new Set([digest]);
    for (const file of [
      "app/server.ts",
      "infra/engines/health/handlers.ts",
      "infra/support/retry.ts",
      "package-lock.json",
    ]) {
      await appendFile(join(copy, file), "\n");
      seen.add(digestInCopy());
    }
    expect(seen.size).toBe(5);
  });

  test("is looked at fast enough for every preview", async () => {
    await imageOf(wanted);
    // The shortest of several: another process may have the machine for a while.
    const looks: number[] = [];
    for (let look = 0; look < 5; look++) {
      const started = performance.now();
      await imageOf(wanted);
      looks.push(performance.now() - started);
    }
    expect(Math.min(...looks)).toBeLessThan(500);
  });

  test("is built once, runs as the app, and is kept for going back to; another one is refused", async () => {
    const fleet = await Fleet.open();
    try {
      const image = await imageOf(wanted);
      const env = {
        MONGODB_URI: new Secret(process.env.TEST_MONGODB_URI ?? ""),
        MONGODB_DB_NAME: "machines-image",
      };
      const { machines } = await fleet.ensure(image, { env, count: 1 });
      const answer = await fetch(`${fleet.url}/api/health`);
      expect(await answer.json()).toMatchObject({ status: "ok", version: "1.0.0", database: "connected" });
      expect(answer.headers.get("x-machine-id")).toBe(machines[0]?.name);
      expect(answer.headers.get("x-image-digest")).toBe(image.digest);

      const images = join(fleet.folder, "images");
      expect(await readdir(images)).toEqual([image.digest.replace("sha256:", "")]);
      const manifest = join(images, image.digest.replace("sha256:", ""), "manifest.json");
      expect(JSON.parse(await readFile(manifest, "utf8"))).toMatchObject({ version: 1, image });

      const gone = { ...image, digest: `sha256:${"0".repeat(64)}` };
      await expect(fleet.ensure(gone, { env, count: 1 })).rejects.toMatchObject({ code: "image-missing" });
      expect((await observeMachines("tracker")).running).toMatchObject([
        { name: machines[0]?.name, healthy: true },
      ]);
    } finally {
      await fleet.close();
    }
  });
});
