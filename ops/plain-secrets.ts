import { encrypted, secretPaths, signingSecrets } from "../stacks/secret-paths";
import type { SettingsProblem } from "../stacks/settings";

/** The secrets that stand unencrypted in the values of a stack's file: from there they would get into its state. */
export function plainSecrets(config: Record<string, unknown>): SettingsProblem[] {
  const wrong = secretPaths
    .flatMap(([group = "", ...rest]) => found(config[`dnd-tracker:${group}`], rest, group))
    .filter(({ path, text }) => text !== encrypted && (path !== "database.uri" || holdsPassword(text)));
  return [...wrong.map(({ path }) => plain(path, path)), ...misplaced(config["dnd-tracker:app"])];
}

/** What stands in the environment of the app's machines everybody reads who sees a machine. */
function misplaced(app: unknown): SettingsProblem[] {
  return ["NEXTAUTH_SECRET", ...signingSecrets].flatMap((name) =>
    found(app, ["env", name], "app").map(({ path }) => plain(path, `app.secrets.${name}`)),
  );
}

/** Of a secret, and where it belongs. */
function plain(path: string, place: string): SettingsProblem {
  const set = `pulumi config set --secret --path dnd-tracker:${place}`;
  return {
    key: `dnd-tracker:${path}`,
    value: "stands in plain text",
    allowed: `encrypted, by \`${set}\`${orFromOutside(place)}`,
  };
}

/** The texts at a path below a value, each with where it stands. */
function found(value: unknown, [step, ...rest]: readonly string[], path: string): Found[] {
  if (step === undefined) return typeof value === "string" ? [{ path, text: value }] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value)
    .filter(([name]) => step === "*" || name === step)
    .flatMap(([name, inner]) =>
      found(inner, rest, name.includes(".") ? `${path}["${name}"]` : `${path}.${name}`),
    );
}

interface Found {
  path: string;
  text: string;
}

function holdsPassword(uri: string): boolean {
  return /\/\/[^@/]*:[^@/]*@/.test(uri);
}

/** Some come from the environment too, where nothing is kept. */
function orFromOutside(path: string): string {
  const variable = {
    "app.secrets.NEXTAUTH_SECRET": "NEXTAUTH_SECRET",
    "database.uri": "MONGODB_URI",
    "database.key": "DND_DATABASE_KEY",
  }[path];
  return variable ? `, or left out and given in ${variable}` : "";
}
