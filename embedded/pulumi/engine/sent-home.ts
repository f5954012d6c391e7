/** What the SDK's own connection throws once the SDK has closed it: the rest of a program that was sent home asks on. */
const hungUp = /Channel has been shut down|Resource monitor is terminating/;

/** Whether a word of the program's says nothing but that nobody hears it any more. */
export function isSentHome(message: string): boolean {
  return hungUp.test(message);
}

const begins = "failed to deliver log message.";
const ends = /^\s*message severity: /;

/** Passes lines on, but for such words where the SDK could not even deliver them and wrote them down instead. */
export function withoutUndelivered(onLine: (line: string) => void): (line: string) => void {
  let held: string[] | undefined;
  return (line) => {
    if (held === undefined && !line.startsWith(begins)) return onLine(line);
    (held ??= []).push(line);
    if (!ends.test(line)) return;
    const [, said = ""] = held.join("\n").split("original message: ");
    if (!isSentHome(said)) held.forEach(onLine);
    held = undefined;
  };
}
