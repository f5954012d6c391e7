import { execFileSync } from "node:child_process";
import { prove, skipProof } from "../../infra/engines/preflight";
import { checkoutCommit, OperatorError, projectRoot } from "../../infra/support";
import { Interruption } from "../engine";
import { printResult, Steps, type Terminal } from "../terminal";
import type { CheckOptions } from "./index";
import { keepReachably } from "./keep";
import { proofText } from "./text";

/** Proves the commit of this checkout, or lets it pass on somebody's word; exit code 1 where it failed. */
export async function proveCommit(options: CheckOptions, terminal: Terminal): Promise<number> {
  const commit = provable(options.skipTests !== undefined);
  const key = options.key ?? process.env.DND_PROOF_KEY ?? null;
  const interruption = new Interruption(terminal.say);
  try {
    const { signal } = interruption;
    const proof =
      options.skipTests === undefined
        ? await new Steps(terminal).run(
            "prove",
            (progress) => prove({ commit, folder: projectRoot, key, progress, signal }),
            ({ kind }) => kind,
            ({ kind }) => kind !== "failed",
          )
        : await skipProof(commit, options.skipTests, key);
    const place = await keepReachably(proof, options, terminal.say);
    printResult(terminal, { ...proof, keptIn: place }, () => proofText(proof, place));
    return proof.kind === "failed" ? 1 : 0;
  } finally {
    interruption.release();
  }
}

function provable(skipped: boolean): string {
  const commit = checkoutCommit();
  if (commit === null) {
    throw refused("which commit this is, nobody knows", "Prove from a checkout, or set GIT_SHA.");
  }
  if (!skipped && changes() !== "") {
    throw refused(
      "what lies here is not what was committed",
      "Commit or take away the changes: only a commit can be proved.",
    );
  }
  return commit;
}

function changes(): string {
  try {
    return execFileSync("git", ["status", "--porcelain", "--untracked-files=no"], {
      cwd: projectRoot,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    // Without Git there is GIT_SHA alone, and whoever set it knows what lies here.
    return "";
  }
}

function refused(message: string, remedy: string): OperatorError {
  return new OperatorError({ code: "proof-refused", kind: "refused", message, remedy });
}
