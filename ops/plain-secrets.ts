import type { SettingsProblem } from "../stacks/settings";

/** What a settings file shows in place of ciphertext. */
export const encrypted = "[secret]";

/** The secrets that stand unencrypted in the values of a stack's file: from there they would get into its state. */
export function plainSecrets(config: Record<string, unknown>): SettingsProblem[] {
  const secrets = inside(config["dnd-tracker:app"], "secrets");
  const names = typeof secrets === "object" && secrets !== null ? Object.entries(secrets) : [];
  const wrong = names
    .filter(([, value]) => typeof value === "string" && value !== encrypted)
    .map(([name]) => `app.secrets.${name}`);
  if (holdsPassword(inside(config["dnd-tracker:database"], "uri"))) wrong.push("database.uri");
  for (const name of ["key", "previousKey"]) {
    const value = inside(config["dnd-tracker:database"], name);
    if (typeof value === "string" && value !== encrypted) wrong.push(`database.${name}`);
  }
  return wrong.map((path) => ({
    key: `dnd-tracker:${path}`,
    value: "stands in plain text",
    allowed: `encrypted, by \`pulumi config set --secret --path dnd-tracker:${path}\`${orFromOutside(path)}`,
  }));
}

function inside(group: unknown, key: string): unknown {
  return typeof group === "object" && group !== null ? (group as Record<string, unknown>)[key] : undefined;
}

function holdsPassword(uri: unknown): boolean {
  return typeof uri === "string" && /\/\/[^@/]*:[^@/]*@/.test(uri);
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
