import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import { parse } from "yaml";
import { z } from "zod";
import { readAppSettings } from "../../app/settings";
import { root } from "./dockerfile";

const service = z.looseObject({
  image: z.string().optional(),
  build: z.looseObject({ target: z.string() }).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).optional(),
  networks: z.array(z.string()).optional(),
  healthcheck: z.looseObject({ test: z.array(z.string()) }),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
  read_only: z.boolean().optional(),
  deploy: z
    .object({ resources: z.object({ limits: z.object({ cpus: z.string(), memory: z.string() }) }) })
    .optional(),
  stop_grace_period: z.string().optional(),
});
const file = z.looseObject({
  services: z.object({ app: service, database: service }),
  networks: z.record(z.string(), z.looseObject({ internal: z.boolean().optional() }).nullable()).optional(),
  configs: z.record(z.string(), z.object({ content: z.string() })).optional(),
});

const read = (name: string) => readFileSync(join(root, name), "utf8");
const development = file.parse(parse(read("compose.yaml")));
const production = file.parse(parse(read("compose.production.yaml")));
const both = [
  ["development", development],
  ["production", production],
] as const;

describe.each(both)("the compose file of %s", (_name, { services }) => {
  test("pins every image, and checks the health of every service", () => {
    for (const { image, build, healthcheck } of Object.values(services)) {
      expect(image ?? build?.target).toMatch(/^(app|mongo:\d+\.\d+\.\d+|\$\{APP_IMAGE:\?.*digest.*\})$/);
      expect(healthcheck.test[0]).toBe("CMD");
      expect(() => new Script(healthcheck.test.at(-1) ?? "")).not.toThrow();
    }
  });

  test("starts the app when the database has a primary", () => {
    expect(services.app.depends_on).toEqual({ database: { condition: "service_healthy" } });
    const script = services.database.healthcheck.test.at(-1) ?? "";
    expect(script).toContain("rs.initiate(");
    expect(script).toContain("isWritablePrimary ? 0 : 1");
  });

  test("gives the app an environment that it accepts, and only variables that it knows", () => {
    const filled = Object.fromEntries(
      Object.entries(services.app.environment).map(([name, value]) => [
        name,
        value
          .replace(/\$\{MONGODB_URI:[^}]*\}/, "mongodb://database:27017/")
          .replace(/\$\{\w+:-([^}]*)\}/, "$1"),
      ]),
    );
    const settings = readAppSettings(filled);
    const known = ["IMAGE_DIGEST", ...Object.keys(settings)];
    expect(Object.keys(filled).filter((name) => !known.includes(name))).toEqual([]);
    expect(settings.MONGODB_URI.reveal()).toContain("database:27017");
  });

  test("publishes the app on this host alone, and the database nowhere", () => {
    expect(services.app.ports).toEqual(["127.0.0.1:${PORT:-3000}:3000"]);
    expect(services.database.ports).toBeUndefined();
  });

  test("gives the app the time that it takes to stop", () => {
    const { STOP_DELAY_MS, STOP_TIMEOUT_MS } = readAppSettings({ MONGODB_URI: "mongodb://database/" });
    expect(parseInt(services.app.stop_grace_period ?? "0") * 1000).toBeGreaterThan(
      STOP_DELAY_MS + STOP_TIMEOUT_MS,
    );
  });
});

describe("the compose file of production", () => {
  test("limits every service, and leaves it nothing to write but its data", () => {
    for (const { read_only, deploy } of Object.values(production.services)) {
      expect(read_only).toBe(true);
      expect(deploy?.resources.limits).toMatchObject({
        cpus: expect.any(String),
        memory: expect.any(String),
      });
    }
    expect(production.services.app).toMatchObject({ cap_drop: ["ALL"] });
  });

  test("keeps the database in a network that leads nowhere else", () => {
    expect(production.services.database.networks).toEqual(["data"]);
    expect(production.networks?.data).toEqual({ internal: true });
  });

  test("has no secret in it and no default for one: what is missing is said before anything starts", () => {
    const text = read("compose.production.yaml").replace(/^#.*\n/gm, "");
    for (const [, name, how] of text.matchAll(/\$\{(\w*(?:PASSWORD|URI|IMAGE\b)\w*)(:?[-?])/g)) {
      expect({ name, how }).toEqual({ name, how: ":?" });
    }
    expect(text).not.toMatch(/mongodb:\/\/[^$\s]*:[^$\s]*@/);
    expect(text).toContain("environment: DATABASE_KEYFILE");
  });

  test("runs the database as strict as everywhere, with the same three users", () => {
    const database = JSON.stringify(production.services.database);
    for (const flag of ["--keyFile", "notablescan=1", "--noscripting", "--replSet rs0"])
      expect(database).toContain(flag);
    const made = new Map<string, unknown>();
    const db = {
      getSiblingDB: () => ({
        createUser: ({ user, roles }: { user: string; roles: { role: string; db: string }[] }) =>
          made.set(
            user,
            roles.map(({ role, db: on }) => `${role}@${on}`),
          ),
      }),
    };
    const env = { DATABASE_NAME: "dnd" };
    new Script(production.configs?.database_users?.content ?? "").runInNewContext({ db, process: { env } });
    expect(Object.fromEntries(made)).toEqual({
      app: ["readWrite@dnd", "read@dnd_ops"],
      migration: ["readWrite@dnd", "dbAdmin@dnd", "readWrite@dnd_ops"],
      backup: ["read@dnd", "readWrite@dnd_ops"],
    });
  });
});
