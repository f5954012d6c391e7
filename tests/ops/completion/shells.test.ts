import { execFileSync } from "node:child_process";
import { shells } from "../../../ops/completion/shells";
import { commandWords } from "../../../ops/completion/words";

const words = commandWords();

test("every command is completed, with its actions and options", () => {
  const script = shells.fish(words);
  for (const { name, options } of words) {
    expect(script).toContain(`-a ${name} `);
    for (const { flag } of options) expect(script).toContain(`from ${name}' -l ${flag.slice(2)} `);
  }
  expect(shells.zsh(words)).toMatch(/^ {4}backup\) compadd -- create .*--store/m);
});

test("bash offers what may follow", () => {
  const typed = (line: string[]) =>
    execFileSync("bash", [
      "--norc",
      "-c",
      `${shells.bash(words)}\nCOMP_WORDS=(${line.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${line.length - 1}; _dnd; echo "\${COMPREPLY[@]}"`,
    ])
      .toString()
      .trim();
  expect(typed(["dnd", "rol"])).toBe("rollback");
  expect(typed(["dnd", "backup", "pru"])).toBe("prune");
  expect(typed(["dnd", "status", "--wat"])).toBe("--watch");
});
