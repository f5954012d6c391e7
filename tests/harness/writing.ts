/** What came of writing at a steady rate. */
export interface WritingReport {
  /** Writes that the app has confirmed: none of them may be lost. */
  accepted: number;
  failures: Record<string, number>;
}

/** Makes parties at a steady rate until stopped; anything but a 201 is a failure. */
export function startWriting(url: string, perSecond: number): { stop(): Promise<WritingReport> } {
  const failures: Record<string, number> = {};
  const open = new Set<Promise<void>>();
  let accepted = 0;
  let sent = 0;
  const write = async () => {
    const body = JSON.stringify({ name: `party-of-the-load-${++sent}` });
    const headers = { "content-type": "application/json" };
    try {
      const { status } = await fetch(url, { method: "POST", headers, body });
      if (status === 201) accepted++;
      else failures[`status ${status}`] = (failures[`status ${status}`] ?? 0) + 1;
    } catch (error) {
      failures[String(error)] = (failures[String(error)] ?? 0) + 1;
    }
  };
  const timer = setInterval(() => {
    const one = write().finally(() => open.delete(one));
    open.add(one);
  }, 1000 / perSecond);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      return { accepted, failures };
    },
  };
}
