import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, connectionString, type DatabaseAddress } from "../../../../infra/drivers/mongo";

const uri = process.env.TEST_MONGODB_URI ?? "";
const open: DatabaseAddress = { uri, name: "connect-test", credentials: "none" };
const nobody: DatabaseAddress = { uri: "mongodb://127.0.0.1:9/", name: "connect-test", credentials: "none" };
const impatient = { ...nobody, uri: `${nobody.uri}?serverSelectionTimeoutMS=200` };
const local: DatabaseAddress = { uri, name: "connect-test", credentials: "local" };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-connect-"));
  process.env.DND_DIR = folder;
  delete process.env.MONGODB_URI;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function writeLogins(text: string): Promise<void> {
  const path = join(folder, "credentials.json");
  await writeFile(path, text);
}

const login = (user: string) => ({ user, password: `p@ss/${user}` });
const logins = {
  version: 1,
  admin: login("admin"),
  app: login("app"),
  migration: login("migration"),
  backup: login("backup"),
};
const here = { ...local, folder: "." };

test("a connection answers, and its owner closes it", async () => {
  const client = await connect(open, "app");
  expect(await client.db(open.name).command({ ping: 1 })).toMatchObject({ ok: 1 });
  await client.close();
});

test("nobody at the address is told with it and what to do, when the patience that it asks for is over", async () => {
  await expect(connect(impatient, "app")).rejects.toMatchObject({
    code: "database-unreachable",
    message: expect.stringContaining("127.0.0.1:9") as string,
  });
}, 4_900);

test("an abort ends the attempt at once", async () => {
  const abort = new AbortController();
  const started = Date.now();
  const attempt = connect(nobody, "app", { signal: abort.signal });
  setTimeout(() => abort.abort(new Error("enough")), 50);
  await expect(attempt).rejects.toThrow("enough");
  expect(Date.now() - started).toBeLessThan(2000);
});

test("a local server's passwords come from its folder and stand in no address that is kept", async () => {
  await writeLogins(JSON.stringify(logins));
  const full = await connectionString(
    { ...here, uri: "mongodb://127.0.0.1:27117/?replicaSet=rs0" },
    "migration",
  );
  expect(String(full)).toBe("[secret]");
  expect(full.reveal()).toBe(
    "mongodb://migration:p%40ss%2Fmigration@127.0.0.1:27117/connect-test?replicaSet=rs0&authSource=admin",
  );
});

test("a refused login names the role and the remedy, never the password", async () => {
  await writeLogins(JSON.stringify(logins));
  const refusal: unknown = await connect(here, "backup").catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: "database-refused-login" });
  expect(String(refusal)).toContain("backup");
  expect(String(refusal)).not.toContain("p@ss");
  expect(String(refusal)).not.toContain("p%40ss");
});

test("missing and broken credentials are told apart", async () => {
  await expect(connect(here, "app")).rejects.toMatchObject({ code: "database-credentials-missing" });
  await writeLogins('{"version": 1, "admin"');
  await expect(connect(here, "app")).rejects.toMatchObject({ code: "database-credentials-unreadable" });
});

test("an address from the environment is used as it is, and missed when it is not there", async () => {
  const address: DatabaseAddress = { ...open, credentials: "environment" };
  await expect(connect(address, "app")).rejects.toMatchObject({
    code: "database-uri-missing",
    kind: "usage",
  });
  process.env.MONGODB_URI = uri;
  await (await connect(address, "app")).close();
  process.env.MONGODB_URI = "mongodb://user:canary@";
  const refusal: unknown = await connect(address, "app").catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: "database-uri-invalid" });
  expect(String(refusal)).not.toContain("canary");
});
