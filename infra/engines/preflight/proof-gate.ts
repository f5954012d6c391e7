import { resolve } from "node:path";
import { formatDuration, projectRoot } from "../../support";
import { fail, note, ok, warn, type Finding, type Gate } from "./gate";
import { findProof, proofNamespace, proofText, type Proof } from "./proof";
import { signerOf } from "./signatures";

const remedy = "Run `dnd check --prove` on that commit, as CI does first of all.";

/** CI has proved the commit, or somebody took that upon themselves. */
export const proofGate: Gate = {
  name: "proof",
  async look({ wishes: { commit, rules }, server, now }): Promise<Finding> {
    const { wanted, withinMs, signers } = rules.proof;
    if (!wanted) return ok("none is asked for");
    if (commit === null)
      return warn("which commit this is, nobody knows", "Set GIT_SHA, or release from a checkout.");
    const proof = await findProof(commit, server?.ops ?? null);
    const short = commit.slice(0, 9);
    if (!proof) return warn(`missing for commit ${short}`, remedy);
    const signer = signers === null ? undefined : await signerIn(proof, signers);
    if (signer === null) return fail(`the proof of commit ${short} is signed by nobody who may`, remedy);
    const age = now.getTime() - Date.parse(proof.at);
    const found = `for commit ${short}, ${ageOf(age)} old, by ${signer ?? proof.by}`;
    if (proof.kind === "failed") return fail(`failed ${found}: ${failedIn(proof)}`, remedy);
    if (proof.kind === "skipped")
      return note(`skipped ${found}: ${proof.reason ?? "without a reason"}`, remedy);
    return age > withinMs
      ? warn(`proven ${found}: too long ago`, remedy)
      : ok(`proven ${found}${unaskedIn(proof)}`);
  },
};

function signerIn(proof: Proof, signers: string): Promise<string | null> {
  if (proof.signature === null) return Promise.resolve(null);
  return signerOf(proofText(proof), proof.signature, resolve(projectRoot, signers), proofNamespace);
}

function ageOf(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return formatDuration(Math.max(0, ms));
  if (minutes < 120) return minutes === 1 ? "a minute" : `${minutes} minutes`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 1440)} days`;
}

function failedIn({ commands }: Proof): string {
  return commands.flatMap(({ name, outcome }) => (outcome === "failed" ? [name] : [])).join(", ");
}

function unaskedIn({ commands }: Proof): string {
  const names = commands.flatMap(({ name, outcome }) => (outcome === "unasked" ? [name] : []));
  return names.length === 0 ? "" : ` (${names.join(", ")} could not be asked)`;
}
