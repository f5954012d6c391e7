import { readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(__dirname, "..", "..");

export interface Instruction {
  name: string;
  text: string;
}

/** A Dockerfile's stages, each with its instructions in order. */
export function readStages(
  file = "Dockerfile",
): { base: string; name: string; instructions: Instruction[] }[] {
  const text = readFileSync(join(root, file), "utf8");
  const lines = text
    .replace(/^#.*\n/gm, "")
    .replace(/\\\n/g, " ")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const stages: ReturnType<typeof readStages> = [];
  for (const line of lines) {
    const [, name = "", rest = ""] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    const [, base, stage] = /^(\S+) AS (\S+)$/.exec(rest) ?? [];
    if (name === "FROM") stages.push({ base: base ?? rest, name: stage ?? "", instructions: [] });
    else stages.at(-1)?.instructions.push({ name, text: rest.replace(/\s+/g, " ").trim() });
  }
  return stages;
}

/** The sources that a stage copies out of the checkout. */
export function copied(instructions: Instruction[]): string[] {
  return instructions
    .filter(({ name, text }) => name === "COPY" && !text.startsWith("--from"))
    .flatMap(({ text }) => text.split(" ").slice(0, -1));
}

/** Whether a path of the checkout reaches the build, by the rules of an ignore file: the last pattern that matches decides. */
export function reachesBuild(path: string, rules = ".dockerignore"): boolean {
  const patterns = readFileSync(join(root, rules), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"));
  let ignored = false;
  for (const pattern of patterns) {
    const bare = pattern.replace(/^!/, "");
    const expression = new RegExp(`^${bare.replaceAll(".", "\\.").replaceAll("*", "[^/]*")}(/|$)`);
    if (expression.test(path)) ignored = !pattern.startsWith("!");
  }
  return !ignored;
}
