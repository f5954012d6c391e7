import { OperatorError } from "../../../support";
import { lastMessages } from "./log";

const shownLines = 4;
const searchedLines = 40;

interface Cause {
  pattern: RegExp;
  code: string;
  remedy: string;
}

const causes: readonly Cause[] = [
  {
    pattern:
      /Wrong mongod version|Invalid feature ?compatibility ?version|featureCompatibilityVersion document|unsupported WiredTiger (file )?version|WiredTiger version incompatible|downgrade|incompatible with/i,
    code: "mongod-data-version",
    remedy:
      "The data was written by another version of MongoDB: name a mongod of that version in DND_MONGOD. Or `npm stop -- --purge` removes the data, and `npm start` begins anew. Nothing was touched.",
  },
  {
    pattern: /Address already in use/i,
    code: "mongod-port-taken",
    remedy:
      "End what listens on that port, set database.port to another one, or leave it out to have a free one chosen.",
  },
  {
    pattern: /No space left|ENOSPC|disk full|out of disk space/i,
    code: "mongod-disk-full",
    remedy: "Make room on the disk and run the command again. The data was not touched.",
  },
  {
    pattern: /DBPathInUse|Unable to lock the lock file|is already running/i,
    code: "mongod-data-in-use",
    remedy: "Another mongod works on this data folder: end it and run the command again.",
  },
  {
    pattern: /Permission denied|EACCES|Operation not permitted|Read-only file system|not writable/i,
    code: "mongod-no-permission",
    remedy: "Give yourself the right to the data folder and all that is in it, and run the command again.",
  },
];

/** A mongod that ended before it listened, as its log tells it. */
export function notStarted(
  { logFile, port, dataFolder }: { logFile: string; port: number; dataFolder: string },
  how: string,
  logFrom: number,
): OperatorError {
  const text = lastMessages(logFile, searchedLines, logFrom).join("\n");
  const cause = causes.find(({ pattern }) => pattern.test(text));
  return new OperatorError({
    code: cause?.code ?? "mongod-not-started",
    message: told(
      `mongod on port ${port} with the data in ${dataFolder} ended with ${how} before it listened`,
      {
        logFile,
        logFrom,
      },
    ),
    remedy:
      cause?.remedy ?? `Read ${logFile}, mend the cause and run the command again. The data was not touched.`,
  });
}

/** A mongod that ended, or stopped answering, while it was being set up. */
export function notServing(
  { logFile, logFrom }: { logFile: string; logFrom: number },
  what: string,
  cause: unknown,
): OperatorError {
  return new OperatorError({
    code: "mongod-not-serving",
    message: told(what, { logFile, logFrom }),
    remedy: `Read ${logFile}, mend the cause and run the command again: it carries on from here.`,
    cause,
  });
}

function told(what: string, { logFile, logFrom }: { logFile: string; logFrom: number }): string {
  const lines = lastMessages(logFile, shownLines, logFrom);
  return lines.length === 0 ? what : [`${what}; the last lines of its log:`, ...lines].join("\n    ");
}
