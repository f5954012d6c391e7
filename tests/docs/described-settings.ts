import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { projectRoot } from "../../infra/support";

/** What the comments of the settings' schema say, by path: `app.checks.path`. */
export function describedSettings(): Map<string, string> {
  const found = new Map<string, string>();
  const file = join(projectRoot, "stacks", "settings.ts");
  walk(constantIn(file, "settingsSchema"), [], found, 0);
  return found;
}

interface Place {
  node: ts.Expression;
  file: string;
}

const sources = new Map<string, ts.SourceFile>();
const deepest = 24;

function sourceOf(file: string): ts.SourceFile {
  const known = sources.get(file);
  if (known) return known;
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  sources.set(file, source);
  return source;
}

/** The schema that a constant holds, in its own file or in that which exports it. */
function constantIn(file: string, name: string): Place | undefined {
  const source = sourceOf(file);
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement))
      for (const { name: own, initializer } of statement.declarationList.declarations)
        if (ts.isIdentifier(own) && own.text === name && initializer) return { node: initializer, file };
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const from = statement.moduleSpecifier.text;
    const named = statement.importClause?.namedBindings;
    if (!from.startsWith(".") || !named || !ts.isNamedImports(named)) continue;
    const wanted = named.elements.find((element) => element.name.text === name);
    if (wanted)
      return constantIn(join(dirname(file), `${from}.ts`), (wanted.propertyName ?? wanted.name).text);
  }
  return undefined;
}

/** The objects of a schema, whatever is done to them afterwards: `z.strictObject({...}).optional()`. */
function walk(place: Place | undefined, path: string[], found: Map<string, string>, depth: number): void {
  if (!place || depth > deepest) return;
  const { node, file } = place;
  if (ts.isIdentifier(node)) walk(constantIn(file, node.text), path, found, depth + 1);
  else if (ts.isObjectLiteralExpression(node)) fields(node, file, path, found, depth);
  else if (ts.isArrayLiteralExpression(node))
    for (const element of node.elements) walk({ node: element, file }, path, found, depth + 1);
  else if (ts.isCallExpression(node)) {
    const method = ts.isPropertyAccessExpression(node.expression) ? node.expression : undefined;
    const isOfZod = method && ts.isIdentifier(method.expression) && method.expression.text === "z";
    if (
      isOfZod &&
      ["object", "strictObject", "looseObject", "union", "discriminatedUnion"].includes(method.name.text)
    )
      for (const argument of node.arguments) walk({ node: argument, file }, path, found, depth + 1);
    else if (isOfZod && method.name.text === "array")
      walk(first(node, file), [...path, "*"], found, depth + 1);
    else if (isOfZod && method.name.text === "record")
      walk(node.arguments[1] && { node: node.arguments[1], file }, [...path, "*"], found, depth + 1);
    else if (method && !isOfZod) walk({ node: method.expression, file }, path, found, depth + 1);
  }
}

function first(node: ts.CallExpression, file: string): Place | undefined {
  const [argument] = node.arguments;
  return argument && { node: argument, file };
}

function fields(
  node: ts.ObjectLiteralExpression,
  file: string,
  path: string[],
  found: Map<string, string>,
  depth: number,
): void {
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) {
      walk({ node: property.expression, file }, path, found, depth + 1);
      continue;
    }
    if (!property.name || ts.isComputedPropertyName(property.name)) continue;
    const own = [...path, property.name.getText().replaceAll('"', "")];
    const said = commentOf(property);
    const name = own.join(".");
    if (said !== "" && !found.has(name)) found.set(name, said);
    const value = ts.isPropertyAssignment(property)
      ? property.initializer
      : ts.isShorthandPropertyAssignment(property)
        ? property.name
        : undefined;
    if (value) walk({ node: value, file }, own, found, depth + 1);
  }
}

function commentOf(property: ts.ObjectLiteralElementLike): string {
  const text = property.getSourceFile().text;
  const [last] = (ts.getLeadingCommentRanges(text, property.getFullStart()) ?? []).slice(-1);
  if (!last) return "";
  const raw = text.slice(last.pos, last.end);
  if (!raw.startsWith("/**")) return "";
  return raw
    .replace(/^\/\*\*|\*\/$/g, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\*\s?/, "").trim())
    .join(" ")
    .trim();
}
