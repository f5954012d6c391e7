import { formatSize } from "../../infra/support";
import { table } from "../terminal";
import type { AppStatus } from "./app-state";
import type { ArchivesStatus } from "./archives";
import type { DatabaseStatus } from "./database";
import { operationsRows } from "./operations";

export interface Status {
  stack: string | null;
  /** Null where a database was named and no stack. */
  app: AppStatus | null;
  database: DatabaseStatus;
  archives: ArchivesStatus;
  problems: string[];
}

/** All of it on one screen. */
export function statusText(status: Status): string {
  const { problems } = status;
  const ends = problems.length > 0 ? ["", "to be mended:", ...problems.map((one) => `  ${one}`)] : [];
  return [...statusLines(status), ...ends].join("\n");
}

/** A line for each fact. */
export function statusLines({ stack, app, database, archives }: Status): string[] {
  const facts = [
    ...(stack === null ? [] : [["stack", stack]]),
    ...(app ? appRows(app) : []),
    ...databaseRows(database),
    ...archiveRows(archives),
    ...operationsRows(database.operations),
  ];
  return table(facts).split("\n");
}

function appRows({ url, health, version, machines, unseen }: AppStatus): string[][] {
  return [
    ["app", `${url} says ${health ?? "nothing"}${version ? `, version ${version}` : ""}`],
    ...machines.map(({ name, region, version: runs, says }) => [
      "machine",
      [name, region, runs, says].filter(Boolean).join(" "),
    ]),
    ...(unseen === null ? [] : [["machines", `not shown: ${unseen}`]]),
  ];
}

function databaseRows({ reachable, documentBytes, schema, release }: DatabaseStatus): string[][] {
  if (!reachable) return [["database", "cannot be looked at"]];
  return [
    ["database", formatSize(documentBytes)],
    ...(schema ? [["schema", `${schema.version ?? "empty"}, ${schema.pending} pending`]] : []),
    [
      "release",
      release
        ? `${release.number} (${release.image.version}) ${release.state}, ${release.startedAt.toISOString()} by ${release.by}`
        : "none yet",
    ],
  ];
}

function archiveRows({ store, newest, recovery, next }: ArchivesStatus): string[][] {
  return [
    ["archives", store],
    ["newest", newest ? `${newest.id}, ${formatSize(newest.bytes)}` : "none"],
    ...(next === null ? [] : [["next", next]]),
    ...recovery.sentences.map((sentence, at) => [at === 0 ? "recovery" : "", sentence]),
  ];
}
