const hidden = "[hidden]";

// What such an option is given opens something; a key's file and a name of a key do not.
const secretOption = /^--?(?:.*-)?(?:token|secret|password|passphrase|webhook|api-key|identity|env)$/i;
const secretVariable = /^([A-Z][A-Z0-9_]*)=/;
const login = /\b([a-z][a-z0-9+.-]*:\/\/)[^/?#\s@]+@/gi;
const secretQuery = /([?&](?:[^=&\s]*(?:token|secret|password|signature|key)[^=&\s]*)=)[^&\s]+/gi;
const knownTokens = /\b(?:FlyV1\s+\S+|fm[12]_\S+|AGE-SECRET-KEY-\S+|AKIA[0-9A-Z]{16})/g;
const webHook = /(https:\/\/hooks\.slack\.com\/services)\/\S+/g;

/** The arguments of a command as they may be kept: everything but what opens something. */
export function redacted(argv: readonly string[]): string[] {
  return argv.map((word, at) => {
    const [option = "", ...rest] = word.split("=");
    if (word.startsWith("-") && rest.length > 0 && secretOption.test(option))
      return `${option}=${withName(rest.join("="))}`;
    const before = argv[at - 1];
    if (!word.startsWith("-") && before !== undefined && secretOption.test(before)) return withName(word);
    return redactText(word);
  });
}

/** A text that may quote an address or a token. */
export function redactText(text: string): string {
  return text
    .replace(login, `$1${hidden}@`)
    .replace(secretQuery, `$1${hidden}`)
    .replace(knownTokens, hidden)
    .replace(webHook, `$1/${hidden}`);
}

/** Of a variable its name stays, which says what was set. */
function withName(value: string): string {
  const [, name] = secretVariable.exec(value) ?? [];
  return name === undefined ? hidden : `${name}=${hidden}`;
}
