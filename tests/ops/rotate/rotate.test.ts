import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { MongoClient, type Db } from "mongodb";
import type { RotateContext, Rotator } from "../../../ops/rotate/context";
import { backupKey } from "../../../ops/rotate/backup-key";
import { fly } from "../../../ops/rotate/fly";
import { beginRotation, listRotations, openRotation } from "../../../ops/rotate/journal";
import { webhooks } from "../../../ops/rotate/webhooks";
import { openTerminal } from "../../../ops/terminal";
import { readSettings } from "../../../stacks/settings";

const name = "rotate_command_ops";
const canary = "k4n4ri3";
let client: MongoClient;
let ops: Db;
let server: Server;
let base: string;
const got: { path: string; token: string; body: string }[] = [];

/** Plays Fly, which knows two tokens, and a channel, which knows one address. */
beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  ops = client.db(name);
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      const token = request.headers.authorization ?? "";
      got.push({ path: request.url ?? "", token, body });
      const good = request.url === `/hook/${canary}` || /^Bearer (old|new)$/.test(token);
      response.writeHead(good ? 200 : 401, { "content-type": "application/json" }).end("[]");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
const before = { ...process.env };
beforeEach(async () => {
  await ops.dropDatabase();
  got.length = 0;
});
afterEach(() => {
  process.env = { ...before };
});
afterAll(async () => {
  await ops.dropDatabase();
  await client.close();
  await new Promise((resolve) => server.close(resolve));
});

async function contextOf(secret: string, channel?: string): Promise<RotateContext> {
  return {
    ...{ stack: "local", ops, recipients: [], channel, yes: true, terminal: openTerminal(true) },
    settings: readSettings({ "dnd-tracker:environment": "development" }, {}),
    address: { uri: "mongodb://127.0.0.1", name: "rotate_command", credentials: "none" },
    open: await openRotation(ops, secret),
  };
}

async function finish(rotator: Rotator, context: RotateContext) {
  if (!context.open) throw new Error("nothing was begun");
  return rotator.finish({ ...context, open: context.open });
}

test("a token of Fly's is proven beside the old one, and is in use only when the environment has it", async () => {
  Object.assign(process.env, { FLY_FLAPS_BASE_URL: base, FLY_API_TOKEN: "old", FLY_API_TOKEN_NEW: "wrong" });
  Reflect.deleteProperty(process.env, "FLY_ACCESS_TOKEN");
  await expect(fly.begin(await contextOf("fly"))).rejects.toThrow();
  expect(await listRotations(ops)).toEqual([]);

  process.env.FLY_API_TOKEN_NEW = "new";
  expect(await fly.begin(await contextOf("fly"))).toMatchObject({ state: "overlap" });
  expect(got.map(({ token }) => token)).toEqual(expect.arrayContaining(["Bearer old", "Bearer new"]));
  // Run again after a kill it is the same rotation.
  await fly.begin(await contextOf("fly"));
  expect(await listRotations(ops)).toHaveLength(1);

  await expect(finish(fly, await contextOf("fly"))).rejects.toMatchObject({
    code: "rotation-not-in-use",
    exitCode: 3,
  });
  process.env.FLY_API_TOKEN = "new";
  expect(await finish(fly, await contextOf("fly"))).toMatchObject({ state: "done" });
  expect(await listRotations(ops)).toMatchObject([{ secret: "fly", state: "done" }]);
});

test("the secret of a channel sends a notice before the old one is given up, and stands nowhere", async () => {
  const context = () => contextOf("webhooks:slack", "slack");
  process.env.DND_WEBHOOK_NEW = `${base}/hook/wrong`;
  const refused = await webhooks.begin(await context()).catch((error: Error) => error);
  expect(refused).toMatchObject({ code: "rotation-not-proven" });
  expect(String(refused)).not.toContain("/hook/");

  process.env.DND_WEBHOOK_NEW = `${base}/hook/${canary}`;
  const begun = await webhooks.begin(await context());
  expect(got.at(-1)?.body).toContain("Nothing is wrong");
  process.env.DND_WEBHOOK_NEW = `${base}/hook/other`;
  await expect(finish(webhooks, await context())).rejects.toMatchObject({ exitCode: 3 });
  process.env.DND_WEBHOOK_NEW = `${base}/hook/${canary}`;
  const done = await finish(webhooks, await context());
  expect(done.state).toBe("done");
  expect(JSON.stringify([begun, done, await listRotations(ops)])).not.toContain(canary);
});

test("old readers of archives are not given up before somebody has shown the new private key", async () => {
  const { generateX25519Identity, identityToRecipient } = await import("age-encryption");
  const [old, fresh] = await Promise.all([generateX25519Identity(), generateX25519Identity()]);
  const recipients = await identityToRecipient(fresh);
  await beginRotation(ops, { secret: "backup-key", detail: { recipients } });
  const settings = readSettings(
    {
      "dnd-tracker:environment": "development",
      "dnd-tracker:backup": JSON.stringify({ recipients: [recipients] }),
    },
    {},
  );
  process.env.DND_BACKUP_IDENTITY = old;
  const refused = finish(backupKey, { ...(await contextOf("backup-key")), settings });
  await expect(refused).rejects.toMatchObject({ code: "rotation-key-not-shown", exitCode: 3 });
  expect(await listRotations(ops)).toMatchObject([{ secret: "backup-key", state: "overlap" }]);
});
