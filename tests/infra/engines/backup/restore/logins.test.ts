import { restoreArchive } from "../../../../../infra/engines/backup";
import { SmallDatabase } from "../small-database";

let small: SmallDatabase;

beforeAll(async () => {
  small = await SmallDatabase.open("restore_logins");
  const { source } = small;
  await source.command({ dropAllUsersFromDatabase: 1 });
  await source.command({ dropAllRolesFromDatabase: 1 });
  const find = { resource: { db: source.databaseName, collection: "heroes" }, actions: ["find"] };
  await source.command({ createRole: "reader of heroes", privileges: [find], roles: [] });
  await source.command({ createUser: "ada", pwd: "only a test", roles: ["reader of heroes", "read"] });
});
beforeEach(async () => {
  await small.reset();
  await small.copy.command({ dropAllUsersFromDatabase: 1 });
  await small.copy.command({ dropAllRolesFromDatabase: 1 });
});
afterAll(async () => {
  for (const db of [small.source, small.copy]) {
    await db.command({ dropAllUsersFromDatabase: 1 });
    await db.command({ dropAllRolesFromDatabase: 1 });
  }
  await small.close();
});

const restore = async (taken: boolean, usersAndRoles: boolean, dryRun = false) => {
  const { id } = await small.take({ usersAndRoles: taken });
  const to = small.addressOf(small.copy);
  return restoreArchive({ store: small.store, id, to, usersAndRoles, dryRun });
};
const users = async () => ((await small.copy.command({ usersInfo: 1 })).users ?? []) as object[];

describe("users and roles", () => {
  test("come back on request, as those of the database that they come to", async () => {
    await small.copy.command({ createUser: "zoe", pwd: "only a test", roles: [] });
    const held = { users: 1, roles: 1, restored: true };
    expect(await restore(true, true)).toMatchObject({ written: true, usersAndRoles: held });
    const db = small.copy.databaseName;
    expect(await users()).toMatchObject([
      {
        user: "ada",
        roles: expect.arrayContaining([
          { role: "reader of heroes", db },
          { role: "read", db },
        ]),
      },
      { user: "zoe" },
    ]);
    const { roles } = await small.copy.command({ rolesInfo: 1, showPrivileges: true });
    expect(roles).toMatchObject([{ privileges: [{ resource: { db, collection: "heroes" } }] }]);
    const left = await small.client
      .db("admin")
      .listCollections({ name: /^dnd_restore/ })
      .toArray();
    expect(left).toEqual([]);
  });

  test("that nobody asked for are told, and nobody's", async () => {
    const held = { users: 1, roles: 1, restored: false };
    expect(await restore(true, false, true)).toMatchObject({ written: false, usersAndRoles: held });
    expect(await restore(true, false)).toMatchObject({ written: true, usersAndRoles: held });
    expect(await users()).toEqual([]);
  });

  test("that an archive does not hold are refused before anything is touched", async () => {
    await expect(restore(false, true)).rejects.toMatchObject({ code: "restore-no-users" });
    expect(await small.copy.listCollections().toArray()).toEqual([]);
    expect(await restore(false, false)).toMatchObject({ usersAndRoles: null });
  });
});
