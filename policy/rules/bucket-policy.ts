type Value = Record<string, unknown>;

/** What a bucket's policy lacks, in words; nothing where it asks everybody for TLS and lets no stranger in. */
export function whyNotPolicy(policy: unknown): string[] {
  const statements = statementsOf(typeof policy === "string" ? policy : JSON.stringify(policy ?? {}));
  if (statements === undefined) return ["has a policy that cannot be read"];
  return [
    ...(statements.some(asksForTls) ? [] : ["lets requests in without TLS"]),
    ...(statements.some(letsEverybodyIn) ? ["has a policy that lets everybody in"] : []),
  ];
}

function statementsOf(text: string): Value[] | undefined {
  try {
    const { Statement = [] } = JSON.parse(text) as { Statement?: Value | Value[] };
    return [Statement].flat();
  } catch {
    return undefined;
  }
}

/** It holds for the bucket itself and for all that is in it, whoever asks and whatever for. */
function asksForTls(statement: Value): boolean {
  const bool = (statement.Condition as { Bool?: Value } | undefined)?.Bool ?? {};
  const [resources, actions] = [wordsOf(statement.Resource), wordsOf(statement.Action)];
  return (
    statement.Effect === "Deny" &&
    isEverybody(statement.Principal) &&
    actions.some((one) => one === "*" || one === "s3:*") &&
    resources.some((one) => one.endsWith("/*") || one === "*") &&
    resources.some((one) => !one.endsWith("/*")) &&
    wordsOf(bool["aws:SecureTransport"]).join() === "false"
  );
}

function letsEverybodyIn({ Effect, Principal, NotPrincipal, Condition }: Value): boolean {
  return (
    Effect === "Allow" && Condition === undefined && (isEverybody(Principal) || NotPrincipal !== undefined)
  );
}

function isEverybody(principal: unknown): boolean {
  if (typeof principal !== "object" || principal === null) return principal === "*";
  return wordsOf((principal as Value).AWS).includes("*");
}

function wordsOf(value: unknown): string[] {
  return [value ?? []].flat().map(String);
}
