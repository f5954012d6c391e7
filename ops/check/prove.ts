import { execFileSync } from "node:child_process";
import { connect, opsDatabaseName } from "../../infra/drivers/mongo";
import { keepProof, prove, skipProof, type Proof } from "../../infra/engines/preflight";
import { checkoutCommit, OperatorError, projectRoot } from "../../infra/support";
import { chosenDatabase } from "../chosen-database";
import { Interruption } from "../engine";
import { printResult, Steps, type Terminal } from "../terminal";
import type { CheckOptions } from "./index";
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
          )
        : await skipProof(commit, options.skipTests, key);
    const place = await keep(options, proof);
    printResult(terminal, { ...proof, keptIn: place }, () => proofText(proof, place));
    return proof.kind === "failed" ? 1 : 0;
  } finally {
    interruption.release();
  }
}

async function keep(options: CheckOptions, proof: Proof): Promise<string> {
  const address = await reachable(options);
  if (!address) return keepProof(proof, null);
  const client = await connect(address, "migration", { appName: "dnd-check" });
  try {
    return await keepProof(proof, client.db(opsDatabaseName(address.name)));
  } finally {
    await client.close();
  }
}

/** CI often has no database yet: then a file keeps the proof. */
async function reachable(options: CheckOptions) {
  try {
    return (await chosenDatabase(options)).address;
  } catch (error) {
    if (error instanceof OperatorError) return null;
    throw error;
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
