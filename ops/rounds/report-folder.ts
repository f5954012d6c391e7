import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { localFolder, messageOf, OperatorError } from "../../infra/support";

/** The folder where reports go, proved by writing there before a round does anything. */
export async function openReports(given: string | undefined): Promise<string> {
  const folder = given === undefined ? localFolder("reports") : resolve(given);
  const probe = join(folder, `.probe-${randomBytes(4).toString("hex")}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(probe, "");
    await rm(probe);
    return folder;
  } catch (cause) {
    throw new OperatorError({
      code: "reports-not-writable",
      message: `no report can be written in ${folder}: ${messageOf(cause)}`,
      remedy:
        "Make it a folder that this user may write, make room on its disk, or name another with --reports.",
      cause,
    });
  }
}
