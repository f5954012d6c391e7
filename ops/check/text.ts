import type { GateResult, PreflightReport, Proof } from "../../infra/engines/preflight";
import { formatDuration } from "../../infra/support";
import { table } from "../terminal";

const signs: Record<GateResult["state"], string> = { ok: "✓", warn: "!", fail: "✗", unknown: "?" };

/** Every gate, and how to mend what is not right. */
export function reportText({ environment, release, strict, ok, gates }: PreflightReport): string {
  const rows = gates.map(({ gate, state, stops, reason }) => [
    stops ? signs.fail : signs[state],
    gate,
    stops && state !== "fail" ? `${state}, strictly` : state,
    reason,
  ]);
  const mend = gates.filter(({ remedy, state }) => remedy !== null && state !== "ok");
  const number = release === null ? "the next release" : `release ${release}`;
  const stopping = gates.filter(({ stops }) => stops).length;
  const verdict = ok
    ? `${number} may go`
    : `${number} would be refused by ${stopping} of ${gates.length} gates`;
  return [
    table(rows),
    ...(mend.length > 0 ? ["", ...mend.map(({ gate, remedy }) => `${gate}: ${remedy ?? ""}`)] : []),
    "",
    `${environment}${strict ? ", strict" : ""}: ${verdict}`,
  ].join("\n");
}

/** What was proved, command by command. */
export function proofText({ commit, kind, commands, reason, by, signature }: Proof, place: string): string {
  const rows = commands.map(({ name, outcome, durationMs, detail }) => [
    outcome === "passed" ? signs.ok : outcome === "failed" ? signs.fail : signs.unknown,
    name,
    outcome,
    formatDuration(durationMs),
    detail.split("\n")[0] ?? "",
  ]);
  const why = reason === null ? "" : `: ${reason}`;
  return [
    ...(rows.length > 0 ? [table(rows)] : []),
    `${kind} for commit ${commit.slice(0, 9)} by ${by}${why}; ${signature === null ? "not signed" : "signed"}, kept in ${place}`,
  ].join("\n");
}
