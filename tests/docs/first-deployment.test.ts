import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../infra/support";
import { readSettings } from "../../stacks/settings";
import { commandsOf } from "./page";

const lines = commandsOf("first-deployment.md").map(({ line }) => line);
const commands = readdirSync(join(projectRoot, "ops", "commands")).map((file) => file.replace(/\.ts$/, ""));

function committed(stack: string): Record<string, Record<string, unknown>> {
  const text = readFileSync(join(projectRoot, `Pulumi.${stack}.yaml`), "utf8");
  return (parse(text) as { config: Record<string, Record<string, unknown>> }).config;
}

const asText = (config: object) =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );

/** Lays `pulumi config set --path key.a.b value` over a configuration. */
function set(config: Record<string, unknown>, path: string, value: unknown): void {
  const [group = "", ...steps] = path.split(".");
  let place = (config[group] ??= {}) as Record<string, unknown>;
  for (const step of steps.slice(0, -1)) place = (place[step] ??= {}) as Record<string, unknown>;
  place[steps.at(-1) ?? ""] = value;
}

/** As the CLI reads it: numbers and truth are what they look like. */
function valueOf(word: string): unknown {
  if (word.startsWith('"$(')) return "0".repeat(64);
  if (word === "YOUR_PUBLIC_RECOVERY_KEY") return `age1${"q".repeat(58)}`;
  return /^(true|false|\d+)$/.test(word) ? (JSON.parse(word) as unknown) : word;
}

test("every setting that the first deployment makes is one that there is", () => {
  const config = committed("production");
  const settings = lines.flatMap((line) => {
    const [, path, value] = /^pulumi config set (?:--secret )?--path (\S+) (.+)$/.exec(line) ?? [];
    return path !== undefined && value !== undefined ? [{ path, value }] : [];
  });
  expect(settings.length).toBeGreaterThan(4);
  for (const { path, value } of settings) set(config, path, valueOf(value));
  expect(readSettings(asText(config), {})).toMatchObject({
    database: { kind: "atlas", orgId: "YOUR_ORGANIZATION", rotation: 2 },
    backup: { store: "s3://YOUR_BUCKET", bucket: { adopt: true } },
  });
});

test("every secret of the first deployment is set as one", () => {
  const secret = lines.filter(
    (line) => /database\.key|SECRET/.test(line) && line.startsWith("pulumi config"),
  );
  expect(secret.length).toBeGreaterThan(0);
  for (const line of secret) expect(line).toContain("--secret");
});

test("every command of the first deployment is one that there is", () => {
  const ours = lines.flatMap((line) => /^npx --no dnd ([\w-]+)/.exec(line)?.[1] ?? []);
  expect(ours).toEqual(expect.arrayContaining(["doctor", "preview", "up", "outputs"]));
  for (const command of ours) expect(commands).toContain(command);
});

test.each(["staging", "production"])(
  "the committed settings of %s are right, and its app is let in",
  (stack) => {
    const { app, database } = readSettings(asText(committed(stack)), {});
    expect(database.kind).toBe("atlas");
    expect(app.addresses.egress).toBe(true);
  },
);

test("the sample environment gives what the first deployment asks for", () => {
  const text = readFileSync(join(projectRoot, "environments", "dnd-tracker-production.yaml"), "utf8");
  const { values } = parse(text) as { values: { environmentVariables: Record<string, string> } };
  expect(Object.keys(values.environmentVariables)).toEqual(
    expect.arrayContaining(["MONGODB_ATLAS_CLIENT_ID", "MONGODB_ATLAS_CLIENT_SECRET", "FLY_API_TOKEN"]),
  );
  const places = Object.values(values.environmentVariables).map((one) => one.slice(2, -1).split("."));
  for (const [group = "", name = ""] of places.slice(3))
    expect((values as Record<string, unknown>)[group]).toHaveProperty([name]);
});
