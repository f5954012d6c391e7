/** One setting of a fly.toml: `[http_service] min_machines_running = 2`. */
export interface FlyEntry {
  section: string;
  key: string;
  value: string;
}

/** Sections and plain settings of a fly.toml: as much TOML as those files hold and the checks need. */
export function readFlyToml(text: string): FlyEntry[] {
  const entries: FlyEntry[] = [];
  let section = "";
  for (const raw of text.split(/\r?\n/)) {
    const line = withoutRemark(raw).trim();
    const header = /^\[\[?([^[\]]+)\]?\]$/.exec(line);
    const pair = /^([A-Za-z0-9_.-]+)\s*=\s*(.+)$/.exec(line);
    if (header?.[1]) entries.push({ section: (section = header[1].trim()), key: "", value: "" });
    else if (pair?.[1] && pair[2]) entries.push({ section, key: pair[1], value: unquoted(pair[2].trim()) });
  }
  return entries;
}

export function flyValue(entries: readonly FlyEntry[], section: string, key: string): string | undefined {
  return entries.find((entry) => entry.section === section && entry.key === key)?.value;
}

function withoutRemark(line: string): string {
  return /^((?:[^"'#]|"[^"]*"|'[^']*')*)#/.exec(line)?.[1] ?? line;
}

function unquoted(value: string): string {
  return /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
}
