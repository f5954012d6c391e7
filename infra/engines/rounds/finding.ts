/** What a look at one thing has found. */
export interface Finding {
  /** What was looked at, e.g. "backups of staging". */
  subject: string;
  /**
   * "ok"; "note": worth reading, and nothing has to be done; "act": a person has something to do; "unasked": nobody could
   * be asked, so that it is neither good nor bad.
   */
  state: "ok" | "note" | "act" | "unasked";
  /** What was found, as one sentence. */
  found: string;
  /** What a person does now; null where nothing has to be done. */
  todo: string | null;
}

export const ok = (subject: string, found: string): Finding => ({ subject, state: "ok", found, todo: null });

export const note = (subject: string, found: string, todo: string | null = null): Finding => ({
  ...{ subject, state: "note", found, todo },
});

export const act = (subject: string, found: string, todo: string): Finding => ({
  ...{ subject, state: "act", found, todo },
});

export const unasked = (subject: string, found: string, todo: string | null = null): Finding => ({
  ...{ subject, state: "unasked", found, todo },
});
