import { act, note, ok, unasked, type Finding } from "./finding";

/** Something that opens a door, and how old it is. */
export interface CredentialAge {
  name: string;
  /** When it was made or last changed; null where nobody wrote that down. */
  since: Date | null;
  /** When it ends by itself; null where it does not, or does not tell. */
  expires?: Date | null;
  /** The command that changes it. */
  rotate: string;
}

const dayMs = 86_400_000;
const oldestDays = 90;
const warnDays = 14;

/** What is too old, what ends soon, and of what nobody knows. */
export function judgeAges(credentials: readonly CredentialAge[], now = new Date()): Finding[] {
  return credentials.map(({ name, since, expires, rotate }) => {
    if (expires && expires.getTime() - now.getTime() < warnDays * dayMs)
      return act(name, `it ends on ${expires.toISOString().slice(0, 10)}`, `Change it now: \`${rotate}\`.`);
    if (since === null)
      return unasked(
        name,
        "nobody has written down when it was made",
        `\`${rotate}\` changes it and writes that down.`,
      );
    const days = Math.floor((now.getTime() - since.getTime()) / dayMs);
    // A clock that was set back must not make a key look young for ever.
    if (days < 0) return note(name, `it is of the future (${since.toISOString()}): some clock is wrong`);
    const found = `${days} days old, ${oldestDays} are allowed`;
    return days > oldestDays ? act(name, found, `Change it: \`${rotate}\`.`) : ok(name, found);
  });
}
