import type { Migration } from "../infra/engines/migration";

/** A name of nothing but blanks stays: an empty one would break the validator. */
function trimmed(field: string) {
  const inner = { $trim: { input: field } };
  return { $cond: [{ $eq: [{ $ifNull: [inner, ""] }, ""] }, field, inner] };
}

const migration: Migration = {
  version: "20261019090000",
  description: "names and classes of characters without blanks around them",
  irreversible: "the blanks are kept nowhere; names without them are as good to every version of the app",
  async up({ helpers }) {
    await helpers.backfill("characters", {
      filter: { $or: [{ name: /^\s|\s$/ }, { class: /^\s|\s$/ }] },
      update: [{ $set: { name: trimmed("$name"), class: trimmed("$class") } }],
    });
  },
};

export default migration;
