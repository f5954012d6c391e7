import type { CommandWords } from "./words";

/** A script for one shell, to be read by it at its start. */
export type ShellScript = (commands: readonly CommandWords[]) => string;

const flagsOf = ({ options, actions }: CommandWords): string =>
  [...actions, ...options.map(({ flag }) => flag), "--help"].join(" ");

const bash: ShellScript = (commands) => `# Read by bash: eval "$(dnd completion bash)"
_dnd() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${commands.map(({ name }) => name).join(" ")} --help --version"
  else
    case "\${COMP_WORDS[1]}" in
${commands.map((one) => `      ${one.name}) words="${flagsOf(one)}" ;;`).join("\n")}
      *) words="" ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _dnd dnd
`;

const zsh: ShellScript = (commands) => `#compdef dnd
# Read by zsh: eval "$(dnd completion zsh)"
_dnd() {
  if (( CURRENT == 2 )); then
    local -a commands
    commands=(
${commands.map(({ name, summary }) => `      ${quoted(`${name}:${summary}`)}`).join("\n")}
    )
    _describe command commands
    return
  fi
  case "$words[2]" in
${commands.map((one) => `    ${one.name}) compadd -- ${flagsOf(one)} ;;`).join("\n")}
  esac
  _files
}
compdef _dnd dnd
`;

const fish: ShellScript = (commands) =>
  [
    "# Read by fish: dnd completion fish | source",
    ...commands.flatMap((one) => [
      `complete -c dnd -n __fish_use_subcommand -a ${one.name} -d ${quoted(one.summary)}`,
      ...one.actions.map(
        (action) => `complete -c dnd -n '__fish_seen_subcommand_from ${one.name}' -a ${action}`,
      ),
      ...one.options.map(
        ({ flag, help }) =>
          `complete -c dnd -n '__fish_seen_subcommand_from ${one.name}' -l ${flag.slice(2)} -d ${quoted(help)}`,
      ),
    ]),
    "",
  ].join("\n");

/** Inside of single quotes, whatever the text has. */
function quoted(text: string): string {
  return `'${text.replaceAll("\n", " ").replaceAll("'", "’")}'`;
}

export const shells: Record<"bash" | "zsh" | "fish", ShellScript> = { bash, zsh, fish };
