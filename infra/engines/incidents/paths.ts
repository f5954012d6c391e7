import type { IncidentKind } from "./incident";

/** One thing to do: a command of ours, or something that only a person can do. */
export interface PathStep {
  name: string;
  what: string;
  /** The words of a `dnd` command, with {stack} and {backup} to be filled in; none where a person acts. */
  command: readonly string[] | null;
  /** It changes what players see or have: it is asked for. */
  dangerous: boolean;
  /** Minutes after the beginning by which it is done. */
  byMinute: number;
}

/** How an incident of a kind is dealt with, and in what time. */
export interface GuidedPath {
  title: string;
  targetMinutes: number;
  steps: readonly PathStep[];
}

const look = (name: string, what: string, byMinute: number, ...command: string[]): PathStep => ({
  ...{ name, what, byMinute, dangerous: false },
  command: [...command, "--stack", "{stack}"],
});
const act = (name: string, what: string, byMinute: number, ...command: string[]): PathStep => ({
  ...look(name, what, byMinute, ...command),
  dangerous: true,
});
const person = (name: string, what: string, byMinute: number): PathStep => ({
  ...{ name, what, byMinute, command: null, dangerous: false },
});

/** The runbook's paths, with its targets. */
export const guidedPaths: Record<IncidentKind, GuidedPath> = {
  deployment: {
    title: "Deployment failure",
    targetMinutes: 15,
    steps: [
      look("status", "what runs, and is it well", 2, "status"),
      look("release", "what the last release did, and where it stopped", 4, "release", "list"),
      person("impact", "decide: are players affected? If not, find the cause before going back", 5),
      act(
        "rollback",
        "go back the way that the figures advise",
        10,
        "rollback",
        "auto",
        "--reason",
        "incident",
      ),
      look("verify", "the old version serves and can be played on", 15, "verify"),
    ],
  },
  database: {
    title: "Database down",
    targetMinutes: 30,
    steps: [
      look("status", "what answers and what does not", 3, "status"),
      look("doctor", "access, address and room of everything there is", 8, "doctor"),
      act("mend", "bring back what the stack describes", 15, "up"),
      act("maintenance", "tell the players while it lasts", 20, "maintenance", "on", "--until", "30m"),
      look("verify", "the app reads and writes again", 28, "verify"),
      act("open", "let the players in", 30, "maintenance", "off"),
    ],
  },
  corruption: {
    title: "Data corruption",
    targetMinutes: 30,
    steps: [
      act("stop", "nobody writes any more", 3, "maintenance", "on", "--until", "1h"),
      look("archives", "which archive is from before", 8, "backup", "list"),
      act("recover", "safety archive, restore, and back in service", 25, "recover", "--backup", "{backup}"),
      look("verify", "the data holds and can be played on", 28, "verify"),
      act("open", "let the players in", 30, "maintenance", "off"),
    ],
  },
  migration: {
    title: "Stuck or failed migration",
    targetMinutes: 20,
    steps: [
      look("state", "which migration, and how far it has come", 3, "migrate", "status"),
      act("unlock", "take the lock of a run that is dead", 6, "migrate", "unlock"),
      act("rollback", "take the last migration back", 12, "rollback", "migration", "--reason", "incident"),
      act(
        "recover",
        "only if data was lost: from the archive before it",
        18,
        "recover",
        "--backup",
        "{backup}",
      ),
      look("verify", "schema and app fit together", 20, "verify"),
    ],
  },
  other: {
    title: "Incident",
    targetMinutes: 30,
    steps: [
      look("status", "what runs, and is it well", 3, "status"),
      look("verify", "what does not work", 10, "verify"),
    ],
  },
};

/** The words of a step's command with what is known put in; the names of what is not known. */
export function commandOf(
  { command }: PathStep,
  known: { stack: string; backup?: string | undefined },
): { words: string[]; missing: string[] } {
  const missing: string[] = [];
  const words = (command ?? []).map((word) => {
    const name = /^\{(\w+)\}$/.exec(word)?.[1] as keyof typeof known | undefined;
    if (name === undefined) return word;
    const value = known[name];
    if (value === undefined) missing.push(name);
    return value ?? word;
  });
  return { words, missing };
}
