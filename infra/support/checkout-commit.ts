import { execFileSync } from "node:child_process";
import { projectRoot } from "./places";

/** The commit that is deployed: GIT_SHA, or what is checked out; null where neither is known. */
export function checkoutCommit(): string | null {
  if (process.env.GIT_SHA) return process.env.GIT_SHA;
  try {
    const stdio = ["ignore", "pipe", "ignore"] as ["ignore", "pipe", "ignore"];
    return execFileSync("git", ["rev-parse", "HEAD"], { cwd: projectRoot, encoding: "utf8", stdio }).trim();
  } catch {
    return null;
  }
}
