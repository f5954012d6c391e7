import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./install.mjs";
import { complaintAboutNode } from "./node-version.mjs";
import { SetupError } from "./setup-error.mjs";

/** This checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Runs work in a checkout that has its dependencies; what the reader can mend ends with its exit code. */
export async function inReadyCheckout(work) {
  try {
    const complaint = complaintAboutNode(process.versions.node);
    if (complaint) throw new SetupError(...complaint.split("\n  "));
    const live = Boolean(process.stderr.isTTY) && !process.env.CI;
    await ensureInstalled(root, { say: (line) => process.stderr.write(`${line}\n`), live });
    return await work();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
