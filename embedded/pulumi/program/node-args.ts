import { resolve } from "node:path";

/** What a project wants given to Node, for its program and its dynamic provider alike. */
export function nodeArgsOf(nodeargs: unknown, programFolder: string): string[] {
  if (typeof nodeargs !== "string") return [];
  const words = nodeargs.split(/\s+/).filter(Boolean);
  return words.map((word) =>
    word.replace(/^(--(?:require|import)=)(\.{1,2}\/.*)$/, (_, option: string, file: string) => {
      return option + resolve(programFolder, file);
    }),
  );
}
