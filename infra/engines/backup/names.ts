import { randomBytes } from "node:crypto";
import { isOfRestore } from "../../support";
import type { Compression } from "./archive";

/** An archive in its store; all its objects stand below the name of the database. */
export interface Named {
  database: string;
  id: string;
}

/** What was done to the bytes of an archive shows in its name. */
interface Stored extends Named {
  compression: Compression;
  encryption: object | null;
}

const endings = /^([^/]+)\/(\d{8}T\d{6}(?:\d{3})?Z-[^/.]+)\.(archive(?:\.gz|\.zst)?(?:\.age)?|json|claim)$/;
const compressed = { none: "", gzip: ".gz", zstd: ".zst" } as const;

export const archiveName = ({ database, id, compression, encryption }: Stored) =>
  `${database}/${id}.archive${compressed[compression]}${encryption ? ".age" : ""}`;
/** Under one of these an archive stands, where no manifest says how it was stored. */
export const possibleArchiveNames = (named: Named) =>
  (["none", "gzip", "zstd"] as const).flatMap((compression) =>
    [null, {}].map((encryption) => archiveName({ ...named, compression, encryption })),
  );
export const manifestName = ({ database, id }: Named) => `${database}/${id}.json`;
/** Says who is making the archive, for as long as it is made. */
export const claimName = ({ database, id }: Named) => `${database}/${id}.claim`;

/** To which archive an object belongs, and as what; undefined when it is none of ours. */
export function parseName(name: string): (Named & { kind: "archive" | "manifest" | "claim" }) | undefined {
  const [, database, id, ending] = endings.exec(name) ?? [];
  if (database === undefined || id === undefined) return undefined;
  const kind = ending === "json" ? "manifest" : ending === "claim" ? "claim" : "archive";
  return { database, id, kind };
}

/** Such as 20261121T043210123Z-r12-3fa9: sorts by time, and says of which release. */
export function newId(release: number | null, now: Date): string {
  const time = now.toISOString().replace(/[-:.]/g, "");
  return `${time}-${release === null ? "manual" : `r${release}`}-${randomBytes(2).toString("hex")}`;
}

/** What the server keeps for itself follows from the rest: buckets from time series, `system.views` from views. */
export function isOwnCollection(name: string): boolean {
  if (isOfRestore(name)) return false;
  return !name.startsWith("system.") || name === "system.js";
}
