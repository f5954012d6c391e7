const placeholder = "{stack}";
/** Names at Fly and Atlas have 41 characters at most, and what stands before this needs some. */
const longest = 24;

/** Names that are to differ between stacks with the same settings, such as those of pull requests: `{stack}` becomes the stack's own. */
export function namedAfterStack(raw: Record<string, unknown>, stack: string): Record<string, unknown> {
  const named = structuredClone(raw);
  for (const [group, key] of [
    ["app", "name"],
    ["database", "project"],
  ] as const) {
    const place = named[group];
    if (typeof place !== "object" || place === null) continue;
    const settings = place as Record<string, unknown>;
    const text = settings[key];
    if (typeof text === "string") settings[key] = text.replaceAll(placeholder, nameable(stack));
  }
  return named;
}

/** The end of a stack's name tells it from others: a pull request's number stands there. */
function nameable(stack: string): string {
  return stack
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(-longest)
    .replace(/^-|-$/g, "");
}
