/** Asks once for all who ask at the same time, and gives them that answer for a while: checks must not become load. */
export function remembered<T>(keepMs: number, ask: () => Promise<T>): () => Promise<T> {
  let current: Promise<T> | undefined;
  return () => {
    if (!current) {
      const asked = ask();
      current = asked;
      const forget = () => setTimeout(() => (current = undefined), keepMs).unref();
      asked.then(forget, forget);
    }
    return current;
  };
}
