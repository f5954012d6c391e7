import { BSON, type Db, type Document } from "mongodb";
import { OperatorError } from "../../../support";
import type { ArchivePiece, CollectionHeader } from "../archive";
import { documentsOf } from "../raw-batches";
import { isUnauthorized } from "../server-failures";

/** What an archive holds of who may log in, and whether that was put back. */
export interface RestoredLogins {
  users: number;
  roles: number;
  restored: boolean;
}

const kinds = { users: "$admin.system.users", roles: "$admin.system.roles" } as const;

export const holdsLogins = (headers: readonly CollectionHeader[]) =>
  headers.some(({ collection }) => collection === kinds.users || collection === kinds.roles);

/** The users and roles that stand in an archive before its documents; they are few, and kept until these are whole. */
export class ArchivedLogins {
  #users: Document[] = [];
  #roles: Document[] = [];

  /** The same pieces; what they hold of users and roles is noted on their way. */
  async *noted(pieces: AsyncGenerator<ArchivePiece, undefined>): AsyncGenerator<ArchivePiece, undefined> {
    for await (const piece of pieces) {
      if (piece.kind === "collections") this.#users = this.#roles = [];
      if (piece.kind === "documents") this.#note(piece);
      yield piece;
    }
    return undefined;
  }

  told(restored: boolean): RestoredLogins {
    return { users: this.#users.length, roles: this.#roles.length, restored };
  }

  /** Adds them, or changes those of the same names; nobody else loses what he has. */
  async restore(db: Db, id: string): Promise<void> {
    const admin = db.client.db("admin");
    const names = temporaryNames(id);
    try {
      for (const [name, documents] of [
        [names.users, this.#users],
        [names.roles, this.#roles],
      ] as const)
        if (documents.length > 0)
          await admin.collection(name).insertMany(documents.map((one) => movedTo(db.databaseName, one)));
      await merge(db, id);
    } catch (error) {
      throw new LoginsNotRestoredError(db.databaseName, error);
    } finally {
      for (const name of Object.values(names)) await admin.dropCollection(name).catch(() => undefined);
    }
  }

  #note({ collection, documents, bytes }: Extract<ArchivePiece, { kind: "documents" }>): void {
    const noted = () =>
      [...documentsOf({ documents, bytes })].map((one) => BSON.deserialize(one, { promoteValues: false }));
    if (collection === kinds.users) this.#users = [...this.#users, ...noted()];
    if (collection === kinds.roles) this.#roles = [...this.#roles, ...noted()];
  }
}

/** Tried with nothing in it, before anything is touched. */
export async function refuseWithoutLoginRights(
  db: Db,
  headers: readonly CollectionHeader[],
  id: string,
): Promise<void> {
  if (!holdsLogins(headers)) throw new NoLoginsError(db.databaseName);
  try {
    await merge(db, id);
  } catch (error) {
    throw isUnauthorized(error) ? new LoginsNotPermittedError(db.databaseName, error) : error;
  }
}

const temporaryNames = (id: string) => ({
  users: `dnd_restore_${id}_users`,
  roles: `dnd_restore_${id}_roles`,
});

/** As mongorestore does it: nobody may write the server's own collection of users. */
async function merge(db: Db, id: string): Promise<void> {
  const names = temporaryNames(id);
  await db.client.db("admin").command({
    _mergeAuthzCollections: 1,
    tempUsersCollection: `admin.${names.users}`,
    tempRolesCollection: `admin.${names.roles}`,
    db: db.databaseName,
    drop: false,
  });
}

/** In another database they are that one's, with the roles of that one. */
function movedTo(database: string, document: Document): Document {
  const from = String(document.db);
  const granted = (document.roles ?? []) as { role: unknown; db: unknown }[];
  return {
    ...document,
    _id: `${database}.${String(document.user ?? document.role)}`,
    db: database,
    roles: granted.map((one) => (String(one.db) === from ? { ...one, db: database } : one)),
    ...(document.privileges ? { privileges: (document.privileges as Document[]).map(privilege) } : {}),
  };

  function privilege(one: Document): Document {
    const resource = one.resource as { db?: unknown };
    return String(resource.db) === from ? { ...one, resource: { ...resource, db: database } } : one;
  }
}

class NoLoginsError extends OperatorError {
  constructor(database: string) {
    super({
      code: "restore-no-users",
      kind: "refused",
      message: `the archive holds no users and roles that could come to ${database}`,
      remedy: "Leave out --users-and-roles, or use an archive that was taken with it. Nothing was changed.",
    });
  }
}

class LoginsNotPermittedError extends OperatorError {
  constructor(database: string, cause: unknown) {
    super({
      code: "restore-users-not-permitted",
      kind: "refused",
      message: `the user for migrations may not restore users and roles of ${database}`,
      remedy: "Give it the role restore on admin for that time, or make them by hand. Nothing was changed.",
      cause,
    });
  }
}

class LoginsNotRestoredError extends OperatorError {
  constructor(database: string, cause: unknown) {
    super({
      code: "restore-users-failed",
      message: `the collections of ${database} are restored, its users and roles are not`,
      remedy: "Run the command again, or make them by hand.",
      cause,
    });
  }
}
