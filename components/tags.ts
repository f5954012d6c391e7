/** What everything of a stack is marked with, so that a bill and a search can tell stacks apart. */
export function tagsOf(environment: string, purpose?: string): Record<string, string> {
  return { app: "dnd-tracker", environment, ...(purpose === undefined ? {} : { purpose }) };
}
