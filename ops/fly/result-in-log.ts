/** The document that a command printed last, however many lines it has; undefined where the log ends with none. */
export function jsonIn(lines: readonly string[]): unknown {
  for (let from = lines.length - 1; from >= 0; from--) {
    if (!/^[[{]/.test(lines[from] ?? "")) continue;
    try {
      return JSON.parse(lines.slice(from).join("\n")) as unknown;
    } catch {
      // A line that only looks like the beginning of one.
    }
  }
  return undefined;
}
