export type Status = "ok" | "warning" | "missing";

/** One thing that was looked at. `missing` means that something needed does not work. */
export interface Finding {
  what: string;
  status: Status;
  found: string;
  /** How to mend it; null where nothing has to be. */
  remedy: string | null;
}

export function ok(what: string, found: string): Finding {
  return { what, status: "ok", found, remedy: null };
}

export function warning(what: string, found: string, remedy: string): Finding {
  return { what, status: "warning", found, remedy };
}

export function missing(what: string, found: string, remedy: string): Finding {
  return { what, status: "missing", found, remedy };
}
