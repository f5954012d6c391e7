import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { projectRoot } from "../../infra/support";

const run = promisify(execFile);
const deadlineMs = 5000;

/** When commits were made, asked of the checkout in the background and remembered; unknown until it is known. */
export class CommitTimes {
  private readonly known = new Map<string, Date | undefined>();

  readonly of = (commit: string): Date | undefined => {
    if (!this.known.has(commit)) {
      this.known.set(commit, undefined);
      void this.ask(commit);
    }
    return this.known.get(commit);
  };

  /** Asks for all of them first, for whoever answers only once. */
  async learn(commits: readonly string[]): Promise<void> {
    await Promise.all([...new Set(commits)].map((commit) => this.ask(commit)));
  }

  /** A folder without Git, or a commit that it does not have, leaves the time unknown. */
  private async ask(commit: string): Promise<void> {
    if (!/^[0-9a-f]{7,64}$/.test(commit)) return;
    try {
      const { stdout } = await run("git", ["show", "--no-patch", "--format=%ct", commit, "--"], {
        cwd: projectRoot,
        timeout: deadlineMs,
      });
      const seconds = Number(stdout.trim());
      if (seconds > 0) this.known.set(commit, new Date(seconds * 1000));
    } catch {
      this.known.set(commit, undefined);
    }
  }
}
