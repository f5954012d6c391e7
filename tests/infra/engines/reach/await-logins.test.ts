import { MongoClient } from "mongodb";
import { connect, loginOf, useStackKey, type DatabaseAddress } from "../../../../infra/drivers/mongo";
import { awaitLogins } from "../../../../infra/engines/reach";
import { Secret } from "../../../../infra/support";
import { startAtlasServer, type AtlasServer } from "../../../harness/atlas-server";

const key = { key: new Secret("k".repeat(32)), rotation: 2 };
let server: AtlasServer;
let address: DatabaseAddress;

beforeAll(async () => {
  server = await startAtlasServer();
  address = { uri: server.uri, name: "tales", credentials: "stack-key" };
  useStackKey(key);
}, 60_000);
afterAll(() => server.stop());

const createUsers = async (rotation: number) => {
  for (const role of ["app", "migration", "backup"] as const) {
    const { user: createUser, password: pwd } = loginOf(role, key, rotation);
    const roles = [{ role: "readWrite", db: "tales" }];
    await server.admin.db("admin").command({ createUser, pwd, roles });
  }
};

test("users of a rotation are waited for until they themselves are let in, though those before still are", async () => {
  await createUsers(1);
  const former = await connect(address, "app");
  expect(former).toBeInstanceOf(MongoClient);
  await former.close();
  await expect(awaitLogins(address, { timeoutMs: 1500 })).rejects.toThrow(
    /refused the user for \w+\n.*raise database\.rotation/,
  );
  await createUsers(2);
  await expect(awaitLogins(address, { timeoutMs: 30_000 })).resolves.toBeUndefined();
}, 60_000);
