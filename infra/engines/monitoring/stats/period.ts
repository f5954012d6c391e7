/** Which environment, and from when until when; what is left out does not narrow. */
export interface Period {
  environment?: string | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
}

/** The condition on a moment that a period makes; an empty one where it has no ends. */
export function within({ since, until }: Period): { $gte?: Date; $lt?: Date } | undefined {
  if (!since && !until) return undefined;
  return { ...(since ? { $gte: since } : {}), ...(until ? { $lt: until } : {}) };
}
