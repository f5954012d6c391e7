import type { ClientSession, Db } from "mongodb";
import { isDocumentWrite } from "./changed-by";
import { isIndexDrop } from "./dropped-indexes";
import { MigrationMisuseError } from "./errors";
import type { LoadedMigration } from "./exports";
import { refuse, type Guard } from "./guard";
import { keepPreImages, keepTouched } from "./journal";
import { preImagesOf, type PreImages } from "./pre-images";
import type { JournalRecord } from "./record";
import type { Workplace } from "./workplace";

/** The guards of a migration's own calls and of the helpers', which bear being repeated. */
export function guardsOf(
  { db, lease, observer }: Workplace,
  migration: LoadedMigration,
  record: JournalRecord,
  base: Omit<Guard, "beforeWrite">,
): { plain: Guard; helpers: Guard } {
  const touch = async (collection: string): Promise<void> => {
    if (record.touched.includes(collection)) return;
    // Known before the write is: after a crash it says where to look. A transaction takes it along with its own record.
    if (!lease.session.inTransaction()) await keepTouched(db, record, collection);
    record.touched.push(collection);
  };
  const images =
    migration.undo && record.direction === "up" ? keptImages(db, record, lease.session) : undefined;
  const helpers: Guard = {
    ...base,
    async beforeWrite(write) {
      if (images && isIndexDrop(write)) {
        await touch(write.collection);
        await images.captureIndexes(write);
        return observer?.beforeWrite(record.version, write, { db, session: lease.session });
      }
      if (images && !isDocumentWrite(write)) {
        refuse(
          helpers,
          new MigrationMisuseError(
            `it does more than change documents and drop indexes (\`${write.method}\` on ${write.collection}), of which no pre-images are kept`,
            "Write a `down` in place of `undo`, or make that change in a migration of its own.",
          ),
        );
      }
      await touch(write.collection);
      const { session } = lease;
      return both(
        session.inTransaction() ? await images?.capture(write) : undefined,
        await observer?.beforeWrite(record.version, write, { db, session }),
      );
    },
  };
  const plain: Guard = {
    ...base,
    async beforeWrite(write) {
      // A dropped index is made again from its image, by the undo that a repetition begins with.
      const undoable = migration.undo !== undefined && isIndexDrop(write);
      if (!migration.transaction && !migration.idempotent && !undoable) {
        refuse(
          plain,
          new MigrationMisuseError(
            `it writes to ${write.collection} by \`${write.method}\` outside a transaction and does not say that this bears being repeated`,
            "Declare `idempotent: true` when it does, or use `helpers.backfill`.",
          ),
        );
      }
      return helpers.beforeWrite(write);
    },
  };
  return { plain, helpers };
}

function keptImages(db: Db, record: JournalRecord, session: ClientSession): PreImages {
  return preImagesOf(db, record.version, session, async (state) => {
    if (record.preImages === state) return;
    await keepPreImages(db, record, state, session);
    record.preImages = state;
  });
}

type Answered = ((answer: unknown) => Promise<void>) | undefined;

function both(one: Answered, other: Answered): Answered {
  if (!one || !other) return one ?? other;
  return async (answer) => {
    await one(answer);
    await other(answer);
  };
}
