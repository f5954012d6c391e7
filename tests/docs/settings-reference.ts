import { z } from "zod";
import { settingsSchema } from "../../stacks/settings";
import { describedSettings } from "./described-settings";

interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  pattern?: string;
}

interface Row {
  path: string;
  type: string;
  standard: string;
  said: string;
}

const head = `# Settings

What stands in \`Pulumi.STACK.yaml\` under \`dnd-tracker:\`, one table for each group. Wrong ones are all reported at once,
before anything is touched. This page is generated from the schema in \`stacks/\`: \`DND_WRITE_DOCS=1 npm test -- tests/docs\`
writes it anew. Set one with \`pulumi config set --path dnd-tracker:app.machines 3\`; secrets with \`--secret\`.
`;

/** The page of all settings, as the schema has them. */
export function settingsReference(): string {
  const schema = z.toJSONSchema(settingsSchema, { io: "input", unrepresentable: "any" }) as JsonSchema;
  const described = describedSettings();
  const groups = Object.entries(schema.properties ?? {}).map(([group, own]) => {
    const rows = unique(rowsOf(group, own, described, true));
    return `## ${group}\n\n${described.has(group) ? `${described.get(group)}\n\n` : ""}${table(rows)}\n`;
  });
  return [head, ...groups].join("\n");
}

function rowsOf(path: string, schema: JsonSchema, described: Map<string, string>, top: boolean): Row[] {
  const branches = schema.anyOf ?? schema.oneOf ?? [];
  const inner = [schema, ...branches].flatMap((one) => [
    ...Object.entries(one.properties ?? {}).flatMap(([name, value]) =>
      rowsOf(`${path}.${name}`, value, described, false),
    ),
    ...(one.items ? nested(`${path}.*`, one.items, described) : []),
    ...(typeof one.additionalProperties === "object"
      ? nested(`${path}.*`, one.additionalProperties, described)
      : []),
  ]);
  const isGroup = top && inner.length > 0;
  const row: Row = {
    path,
    type: typeOf(schema),
    standard: schema.default === undefined ? "" : `\`${JSON.stringify(schema.default)}\``,
    said: described.get(path) ?? "",
  };
  return isGroup ? inner : [row, ...inner];
}

/** Of what stands in lists and maps, the fields alone. */
function nested(path: string, schema: JsonSchema, described: Map<string, string>): Row[] {
  return rowsOf(path, schema, described, true).filter((row) => row.path !== path);
}

function typeOf(schema: JsonSchema): string {
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches) return [...new Set(branches.map(typeOf))].join(" or ");
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) return schema.enum.map((one) => `\`${String(one)}\``).join(", ");
  if (schema.type === "array") return `list of ${typeOf(schema.items ?? {})}`;
  if (schema.type === "integer") return `whole number${limitsOf(schema)}`;
  if (schema.type === "number") return `number${limitsOf(schema)}`;
  if (schema.type === "boolean") return "true or false";
  if (schema.type === "string") return "text";
  return schema.type === "object" ? "group" : "any";
}

const widest = 1_000_000_000;

function limitsOf({ minimum, maximum }: JsonSchema): string {
  const least = minimum !== undefined && minimum > -widest ? minimum : undefined;
  const most = maximum !== undefined && maximum < widest ? maximum : undefined;
  if (least !== undefined && most !== undefined) return `, ${least} to ${most}`;
  if (least !== undefined) return `, ${least} or more`;
  return most === undefined ? "" : `, ${most} or less`;
}

function unique(rows: readonly Row[]): Row[] {
  const seen = new Map<string, Row>();
  for (const row of rows) {
    const known = seen.get(row.path);
    const type =
      known && !known.type.includes(row.type) ? `${known.type} or ${row.type}` : (known?.type ?? row.type);
    seen.set(row.path, { ...row, standard: known?.standard || row.standard, type });
  }
  return [...seen.values()];
}

function table(rows: readonly Row[]): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  return [
    "| setting | what it may be | unless given | |",
    "| --- | --- | --- | --- |",
    ...rows.map(
      ({ path, type, standard, said }) =>
        `| \`${path}\` | ${cell(type)} | ${cell(standard)} | ${cell(said)} |`,
    ),
  ].join("\n");
}
