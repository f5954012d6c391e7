import { dataNameOf, type CollectionHeader } from "../archive";
import { typeOf } from "./definitions";
import { NamespacesUnclearError } from "./errors";
import type { Standing } from "./plan";

/** Which collections of an archive go where, in patterns such as `tracker.*`, as mongorestore has them. */
export interface NamespaceWanted {
  include?: readonly string[] | undefined;
  exclude?: readonly string[] | undefined;
  /** What a star stands for in `from` stands in its place in `to`. */
  from?: readonly string[] | undefined;
  to?: readonly string[] | undefined;
}

/** A collection of an archive and the place that it comes to. */
export interface Placement extends Standing {
  /** Its name in the archive. */
  from: string;
  /** Where its documents stand in the archive; a view has none. */
  data: string | undefined;
}

const ofTheServer = new Set(["admin", "config", "local", ""]);

/** Everything of the archive that is wanted, under the names that are wanted, in one database. */
export function placeCollections(
  database: string,
  headers: readonly CollectionHeader[],
  wanted: NamespaceWanted = {},
): Placement[] {
  const { include = [], exclude = [], from = [], to = [] } = wanted;
  if (from.length !== to.length)
    throw new NamespacesUnclearError(
      `there are ${from.length} patterns of old names and ${to.length} of new ones`,
      "Give each --ns-from a --ns-to.",
    );
  const stars = (pattern: string) => pattern.split("*").length;
  const unequal = from.find((pattern, at) => stars(pattern) !== stars(to[at] ?? ""));
  if (unequal !== undefined)
    throw new NamespacesUnclearError(
      `${unequal} has other stars than the pattern that it becomes`,
      "Give both the same number of stars.",
    );
  const chosen = headers.filter((one) => {
    if (ofTheServer.has(one.db) || one.collection.startsWith("$admin.")) return false;
    const namespace = namespaceOf(one);
    const isIn = include.length === 0 || include.some((pattern) => matches(pattern, namespace));
    return isIn && !exclude.some((pattern) => matches(pattern, namespace));
  });
  refuseSeveralDatabases(chosen);
  const placed = chosen.map((header) => place(header, database, renamed(header, from, to)));
  refuseSameNames(placed);
  return placed;
}

const namespaceOf = ({ db, collection }: CollectionHeader) => `${db}.${collection}`;

function place(header: CollectionHeader, database: string, namespace: string): Placement {
  const type = header.type === "" ? typeOf(header.metadata) : header.type;
  const at = namespace.indexOf(".");
  const [db, name] = [namespace.slice(0, at), namespace.slice(at + 1)];
  if (db !== header.db && db !== database)
    throw new NamespacesUnclearError(
      `${namespaceOf(header)} would go to ${db}, but the restore is into ${database}`,
      "Let the patterns name the database that is restored into.",
    );
  const data = dataNameOf({ name: header.collection, type });
  return {
    name,
    type,
    metadata: header.metadata,
    from: namespaceOf(header),
    data: data === undefined ? undefined : `${header.db}.${data}`,
  };
}

function renamed(header: CollectionHeader, from: readonly string[], to: readonly string[]): string {
  const namespace = namespaceOf(header);
  const at = from.findIndex((pattern) => matches(pattern, namespace));
  if (at < 0) return namespace;
  const stars =
    expression(from[at] as string)
      .exec(namespace)
      ?.slice(1) ?? [];
  return (to[at] as string).replace(/\*/g, () => stars.shift() ?? "");
}

const matches = (pattern: string, namespace: string) => expression(pattern).test(namespace);

function expression(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("(.*)")}$`, "su");
}

function refuseSeveralDatabases(chosen: readonly CollectionHeader[]): void {
  const databases = [...new Set(chosen.map(({ db }) => db))];
  if (databases.length < 2) return;
  throw new NamespacesUnclearError(
    `the archive holds the databases ${databases.join(", ")}`,
    `Say which one, such as --ns-include "${databases[0] ?? ""}.*".`,
  );
}

function refuseSameNames(placed: readonly Placement[]): void {
  const names = new Set<string>();
  for (const { name } of placed) {
    if (names.has(name))
      throw new NamespacesUnclearError(`two collections would come to ${name}`, "Change the patterns.");
    names.add(name);
  }
}
