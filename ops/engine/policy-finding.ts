import type { OperationResult } from "./contract";

interface Finding {
  pack: string;
  name: string;
  enforcement: string;
  message: string;
  urn?: string | undefined;
}

/** What a policy found, among all else that an operation has to say: a mandatory one stops it. */
export function policyFinding({
  pack,
  name,
  enforcement,
  message,
  urn,
}: Finding): OperationResult["diagnostics"][number] {
  const severity = enforcement === "mandatory" ? "error" : enforcement === "remediate" ? "info" : "warning";
  const told = `policy ${pack}, ${name}: ${message.trim()}`;
  return { severity, message: told, ...(urn ? { urn } : {}) };
}
