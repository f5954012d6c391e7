import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { examineNode } from "../../../ops/doctor/tools";
import { dnd } from "../dnd";

interface Finding {
  what: string;
  status: string;
  found: string;
  remedy: string | null;
}

let folder: string;
let local: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-doctor-"));
  local = join(folder, "dnd");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function doctor(...args: string[]) {
  const { code, stdout } = await dnd(["doctor", "--json", ...args], { DND_DIR: local });
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  const about = (what: string) => findings.find((finding) => finding.what === what);
  return {
    code,
    about,
    missing: findings.filter(({ status }) => status === "missing").map(({ what }) => what),
  };
}

test("on a new machine nothing is missing, nothing is made, and each line says what was found", async () => {
  const { about, missing } = await doctor();
  // What else this machine does with the port of the committed settings is its own affair.
  expect(missing.filter((what) => what !== "address")).toEqual([]);
  expect(about("npm")?.found).toMatch(/^\d+\./);
  expect(about("engine")?.found).toMatch(/^(pulumi|embedded)/);
  expect(about("local stack")?.found).toContain("npm start");
  await expect(readFile(local)).rejects.toMatchObject({ code: "ENOENT" });
});

test("the table for people shows remedies under what has to be mended", async () => {
  await mkdir(local, { mode: 0o755 });
  await chmod(local, 0o755);
  const { stdout } = await dnd(["doctor"], { DND_DIR: local });
  expect(stdout).toMatch(/^! {2}local folder .*can be read by others\n +→ chmod go-rwx /m);
});

test("a broken state, a lost passphrase and the lock of a dead process are missing pieces, and end with 1", async () => {
  const stacks = join(local, "state", ".pulumi", "stacks", "dnd-tracker");
  await mkdir(stacks, { recursive: true });
  await writeFile(join(stacks, "local.json"), '{"version":3');
  expect(await doctor().then(({ code, about }) => [code, about("state")?.status])).toEqual([1, "missing"]);

  const latest = { secrets_providers: { state: { salt: "v1:a:b" } }, resources: [] };
  await writeFile(join(stacks, "local.json"), JSON.stringify({ version: 3, checkpoint: { latest } }));
  const locks = join(local, "state", ".pulumi", "locks", "organization", "dnd-tracker", "local");
  await mkdir(locks, { recursive: true });
  const owner = {
    pid: 2 ** 22 + 1,
    username: "ann",
    hostname: hostname(),
    timestamp: "2026-11-01T10:00:00Z",
  };
  await writeFile(join(locks, "a.json"), JSON.stringify(owner));
  const { code, about } = await doctor();
  expect(code).toBe(1);
  expect(about("passphrase")).toMatchObject({ status: "missing" });
  expect(about("state lock")).toMatchObject({
    status: "missing",
    remedy: expect.stringContaining("dnd cancel") as string,
  });
});

test("every wrong setting is listed with what is allowed, and no secret is shown", async () => {
  await mkdir(local);
  const config = {
    "dnd-tracker:environment": "playground",
    "dnd-tracker:app": { port: 80, secrets: { KEY: { secure: "v1:canary" } } },
  };
  await writeFile(join(local, "Pulumi.local.yaml"), JSON.stringify({ config }));
  const { code, about } = await doctor();
  expect(code).toBe(1);
  expect(about("dnd-tracker:environment")?.remedy).toContain("development, staging, production");
  expect(about("dnd-tracker:app.port")?.found).toContain("80");
});

test("a mongod that was named and is none is missing, and nothing is downloaded for it", async () => {
  const { stdout, code } = await dnd(["doctor"], { DND_DIR: local, DND_MONGOD: process.execPath });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^✗ {2}mongod/m);
});

test("a port that something else listens on is missing, with the setting that mends it", async () => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await mkdir(local);
  const config = { "dnd-tracker:environment": "development", "dnd-tracker:app": { port } };
  await writeFile(join(local, "Pulumi.local.yaml"), JSON.stringify({ config }));
  const { about } = await doctor();
  await new Promise((closed) => server.close(closed));
  expect(about("address")).toMatchObject({
    status: "missing",
    found: `something else listens on port ${port}`,
    remedy: expect.stringContaining("app.port") as string,
  });
});

test("an old Node is missing, one that merely works is a warning", () => {
  expect(examineNode("18.19.0").status).toBe("missing");
  expect(examineNode("20.19.4").status).toBe("warning");
  expect(examineNode("22.11.0").status).toBe("ok");
});
