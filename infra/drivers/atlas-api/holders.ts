const mark = "dnd-tracker up:";
/** Atlas takes comments of up to 80 characters. */
const most = 7;

/** The runs that an entry of ours was made for, by its comment; undefined where the entry is not ours. */
export function holdersOf(comment: string | undefined): string[] | undefined {
  if (!comment?.startsWith(mark)) return undefined;
  return comment.slice(mark.length).split(" ").filter(Boolean);
}

/** The comment of an entry for these runs; those longest on it, dead ones most likely, give way where there is no room. */
export function commentFor(holders: readonly string[]): string {
  return [mark, ...holders.slice(-most)].join(" ");
}
