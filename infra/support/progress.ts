/** How an engine tells of its work; whoever calls decides where that goes. */
export type Progress = (
  message: string,
  done?: { current: number; total: number; unit: "bytes" | "documents" | "items" },
) => void;

export const silent: Progress = () => undefined;
