import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as ts from "typescript";
import type { Property, Shape } from "./shape";

/** A resource as its package's own type declarations describe it. */
export interface DeclaredResource {
  inputs: Shape;
  /** What it gives, by name. */
  outputs: string[];
}

type Members = ts.NodeArray<ts.TypeElement>;

/** The type declarations of a Pulumi package, read with the compiler as far as somebody asks. */
export class DeclaredTypes {
  readonly #root: string;
  readonly #resources = new Map<string, DeclaredResource | undefined>();
  readonly #namespaces = new Map<string, Map<string, Members>>();
  readonly #enums = new Map<string, string[]>();
  readonly #objects = new Map<string, Map<string, Property>>();
  #inputText: string | undefined;

  constructor(npmPackage: string) {
    this.#root = dirname(require.resolve(`${npmPackage}/package.json`));
  }

  /** Undefined where the package has no such resource; of a type such as `aws:s3/bucket:Bucket`. */
  resource(type: string): DeclaredResource | undefined {
    if (!this.#resources.has(type)) this.#resources.set(type, this.#read(type));
    return this.#resources.get(type);
  }

  #read(type: string): DeclaredResource | undefined {
    const [, module = "", name = ""] = type.split(":");
    const own = name.slice(0, 1).toLowerCase() + name.slice(1);
    const place = module === "index" ? own : module.replace(/^index\//, "");
    const file = join(this.#root, `${place}.d.ts`);
    if (!existsSync(file)) return undefined;
    const source = parsed(readFileSync(file, "utf8"));
    let members: Members | undefined;
    let outputs: string[] = [];
    source.forEachChild((node) => {
      if (ts.isInterfaceDeclaration(node) && node.name.text === `${name}Args`) members = node.members;
      if (ts.isClassDeclaration(node) && node.name?.text === name) outputs = outputsOf(node);
    });
    if (!members) return undefined;
    const found = members;
    return { inputs: { kind: "object", name, properties: () => this.#properties(name, found) }, outputs };
  }

  #properties(name: string, members: Members): Map<string, Property> {
    const known = this.#objects.get(name);
    if (known) return known;
    const properties = new Map<string, Property>();
    this.#objects.set(name, properties);
    for (const member of members) {
      if (!ts.isPropertySignature(member) || !member.type) continue;
      const shape = withWrittenValues(this.#shapeOf(member.type), member);
      properties.set(nameOf(member.name), { required: member.questionToken === undefined, shape });
    }
    return properties;
  }

  #shapeOf(node: ts.TypeNode): Shape {
    if (ts.isUnionTypeNode(node)) return this.#unionOf(node.types);
    if (ts.isArrayTypeNode(node)) return { kind: "list", of: this.#shapeOf(node.elementType) };
    if (ts.isTypeLiteralNode(node)) return this.#literalOf(node.members);
    if (ts.isTypeReferenceNode(node)) return this.#referenceOf(node);
    switch (node.kind) {
      case ts.SyntaxKind.StringKeyword:
        return { kind: "string" };
      case ts.SyntaxKind.NumberKeyword:
        return { kind: "number" };
      case ts.SyntaxKind.BooleanKeyword:
        return { kind: "boolean" };
      default:
        return { kind: "anything" };
    }
  }

  /** A string beside an enumeration is there for values newer than the package: none of ours is. */
  #unionOf(types: readonly ts.TypeNode[]): Shape {
    const real = types.filter((one) => one.kind !== ts.SyntaxKind.UndefinedKeyword);
    const shapes = real.map((one) => this.#shapeOf(one));
    const enumerated = shapes.filter(({ kind }) => kind === "one-of");
    const of = enumerated.length > 0 ? enumerated : shapes;
    return of.length === 1 && of[0] ? of[0] : { kind: "either", of };
  }

  #literalOf(members: Members): Shape {
    const [index] = members;
    if (index && ts.isIndexSignatureDeclaration(index)) return { kind: "map", of: this.#shapeOf(index.type) };
    return { kind: "anything" };
  }

  #referenceOf(node: ts.TypeReferenceNode): Shape {
    const path = node.typeName.getText().split(".");
    const [first, ...rest] = path;
    if (first === "pulumi" && rest[0] === "Input") {
      const [inner] = node.typeArguments ?? [];
      return inner ? this.#shapeOf(inner) : { kind: "anything" };
    }
    if (first === "inputs") return this.#inputOf(rest);
    if (first === "enums") return { kind: "one-of", values: this.#enumOf(rest) };
    if (path.at(-1) === "ARN") return { kind: "string" };
    return { kind: "anything" };
  }

  #inputOf(path: string[]): Shape {
    const name = path.join(".");
    const members = this.#namespace(path.slice(0, -1)).get(path.at(-1) ?? "");
    if (!members) throw new Error(`${this.#root} declares no inputs.${name}`);
    return { kind: "object", name, properties: () => this.#properties(`inputs.${name}`, members) };
  }

  /** Of a file of megabytes the one namespace alone is parsed. */
  #namespace(path: string[]): Map<string, Members> {
    const name = path.join(".");
    const known = this.#namespaces.get(name);
    if (known) return known;
    this.#inputText ??= readFileSync(join(this.#root, "types", "input.d.ts"), "utf8");
    const text = name === "" ? this.#inputText : namespaceText(this.#inputText, name);
    const found = new Map<string, Members>();
    const visit = (node: ts.Node): void => {
      if (ts.isInterfaceDeclaration(node)) found.set(node.name.text, node.members);
      if (ts.isModuleDeclaration(node) || ts.isModuleBlock(node)) node.forEachChild(visit);
    };
    parsed(text).forEachChild(visit);
    this.#namespaces.set(name, found);
    return found;
  }

  #enumOf(path: string[]): string[] {
    const name = path.join(".");
    const known = this.#enums.get(name);
    if (known) return known;
    const file = join(this.#root, "types", "enums", ...path.slice(0, -1), "index.d.ts");
    const text = readFileSync(file, "utf8");
    const block = new RegExp(`export declare const ${path.at(-1)}: \\{([^}]*)\\}`).exec(text)?.[1] ?? "";
    const values = [...block.matchAll(/: "([^"]*)"/g)].map(([, value = ""]) => value);
    this.#enums.set(name, values);
    return values;
  }
}

function outputsOf(declaration: ts.ClassDeclaration): string[] {
  return declaration.members.flatMap((member) =>
    ts.isPropertyDeclaration(member) && member.type?.getText().startsWith("pulumi.Output<")
      ? [nameOf(member.name)]
      : [],
  );
}

/** Where the types say `string` and the words above them which ones, the words count. */
function withWrittenValues(shape: Shape, member: ts.PropertySignature): Shape {
  if (shape.kind !== "string") return shape;
  const words = ts
    .getJSDocCommentsAndTags(member)
    .map((comment) => comment.getText())
    .join("\n");
  const list = /[Vv]alid values(?: are)?: ((?:`[^`\s]+`(?:, or |, and |, | and | or )?)+)\.?\s/.exec(
    words,
  )?.[1];
  const values = [...(list ?? "").matchAll(/`([^`]+)`/g)].map(([, value = ""]) => value);
  return values.length > 1 ? { kind: "one-of", values } : shape;
}

function namespaceText(text: string, name: string): string {
  const start = text.indexOf(`export declare namespace ${name} {`);
  if (start < 0) return "";
  const end = text.indexOf("\nexport declare namespace ", start);
  return text.slice(start, end < 0 ? undefined : end);
}

function parsed(text: string): ts.SourceFile {
  return ts.createSourceFile("declared.d.ts", text, ts.ScriptTarget.Latest, true);
}

function nameOf(name: ts.PropertyName): string {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : name.getText();
}
