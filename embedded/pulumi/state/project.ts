import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { OperatorError, messageOf } from "../../../infra/support";
import type { PropertyValue } from "../deployment";
import { fits, typeName, type ConfigType } from "./config-type";
import { usageError } from "./errors";

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const json: z.ZodType<PropertyValue> = z.json() as z.ZodType<PropertyValue>;
const items: z.ZodType<ConfigType> = z.lazy(() =>
  z.object({ type: z.string(), items: items.exactOptional() }),
);
const declaration = z.object({
  type: z.enum(["string", "integer", "boolean", "array", "object"]).exactOptional(),
  description: z.string().exactOptional(),
  items: items.exactOptional(),
  default: json.exactOptional(),
  value: json.exactOptional(),
  secret: z.boolean().exactOptional(),
});
const projectFile = z.looseObject({
  name: z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/),
  runtime: z.union([
    z.string().transform((name) => ({ name, options: {} })),
    z.object({ name: z.string(), options: z.record(z.string(), json).default({}) }),
  ]),
  main: z.string().exactOptional(),
  description: z.string().exactOptional(),
  config: z
    .record(z.string(), z.union([declaration, scalar, z.array(json)]))
    .nullish()
    .transform((config) => config ?? {}),
  stackConfigDir: z.string().default(""),
  backend: z.object({ url: z.string().exactOptional() }).exactOptional(),
  plugins: z
    .object({
      providers: z
        .array(z.object({ name: z.string(), path: z.string(), version: z.string().exactOptional() }))
        .exactOptional(),
    })
    .exactOptional(),
});

/** One key of the project's config schema, its name with the namespace in front. */
export interface ConfigDeclaration {
  key: string;
  type?: ConfigType;
  fallback?: PropertyValue;
  secret: boolean;
}

/** A project as its Pulumi.yaml tells it. */
export interface Project {
  name: string;
  /** Where the program lies, from the root; empty for the root itself. */
  main: string;
  runtime: { name: string; options: Record<string, PropertyValue> };
  config: ConfigDeclaration[];
  /** The folder of Pulumi.yaml. */
  root: string;
  /** Where the stacks' settings lie, from the root; empty for the root itself. */
  stackConfigDir: string;
  backendUrl?: string;
  /** Providers that the project brings itself, their folders absolute. */
  providers: { name: string; path: string; version?: string }[];
}

/** Reads Pulumi.yaml (or Pulumi.yml) in the folder or the nearest one above it. */
export function readProject(folder: string): Project {
  const { file, text } = findProject(resolve(folder));
  const root = dirname(file);
  const parsed = projectFile.safeParse(yamlOf(text, file));
  if (!parsed.success) throw badProject(file, z.prettifyError(parsed.error));
  const { name, main, runtime, config, stackConfigDir, backend, plugins } = parsed.data;
  return {
    name,
    main: main ?? "",
    runtime,
    config: Object.entries(config).map(([key, value]) => declared(name, key, value, file)),
    root,
    stackConfigDir,
    ...(backend?.url ? { backendUrl: backend.url } : {}),
    providers: (plugins?.providers ?? []).map((plugin) => ({ ...plugin, path: resolve(root, plugin.path) })),
  };
}

function findProject(start: string): { file: string; text: string } {
  for (let folder = start; ; folder = dirname(folder)) {
    for (const name of ["Pulumi.yaml", "Pulumi.yml"]) {
      const file = join(folder, name);
      try {
        return { file, text: readFileSync(file, "utf8") };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw badProject(file, messageOf(error));
      }
    }
    if (folder === dirname(folder)) break;
  }
  throw usageError(
    "project-missing",
    `no Pulumi.yaml in ${start} or above it`,
    "Run the command inside the checkout.",
  );
}

/** The value of a YAML text; `file` names it in the error. */
export function yamlOf(text: string, file: string): unknown {
  try {
    return parseYaml(text) as unknown;
  } catch (error) {
    throw badProject(file, messageOf(error));
  }
}

type Declared = z.infer<typeof declaration> | string | number | boolean | PropertyValue[];

function declared(project: string, name: string, given: Declared, file: string): ConfigDeclaration {
  const key = name.includes(":") ? name : `${project}:${name}`;
  const own = key.startsWith(`${project}:`);
  // The short form of one's own key is a default, that of another package's key its value.
  const long = typeof given === "object" && !Array.isArray(given) ? given : { default: given };
  const fallback = long.default ?? long.value;
  if (long.default !== undefined && long.value !== undefined)
    throw badProject(file, `config ${name} has both a default and a value`);
  if (!own && long.type) throw badProject(file, `config ${name} belongs to another package and has a type`);
  const type = long.type && { type: long.type, ...(long.items ? { items: long.items } : {}) };
  if (type && long.default !== undefined && !fits(type, long.default))
    throw badProject(file, `the default of config ${name} is not of type ${typeName(type)}`);
  return {
    key,
    secret: long.secret ?? false,
    ...(type ? { type } : {}),
    ...(fallback === undefined ? {} : { fallback }),
  };
}

function badProject(file: string, found: string): OperatorError {
  return usageError(
    "project-invalid",
    `${file} cannot be used: ${found}`,
    "Mend the file; its format is Pulumi's own.",
  );
}
