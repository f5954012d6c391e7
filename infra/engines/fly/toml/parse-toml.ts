import { OperatorError } from "../../../support";

export type TomlValue = string | number | boolean | TomlValue[] | TomlTable;
export interface TomlTable {
  [key: string]: TomlValue;
}

/** The text of a TOML file as a table; dates, which no fly.toml has, are refused like anything else that is wrong. */
export function parseToml(text: string): TomlTable {
  return new Reader(text).read();
}

class Reader {
  #at = 0;
  readonly #root: TomlTable = table();
  readonly #defined = new Set<TomlTable>();

  constructor(private readonly text: string) {}

  read(): TomlTable {
    let current = this.#root;
    for (this.skipLines(); this.#at < this.text.length; this.skipLines()) {
      current = this.peek("[") ? this.header() : this.pair(current);
      this.endOfLine();
    }
    return this.#root;
  }

  private header(): TomlTable {
    const isList = this.take("[[");
    if (!isList) this.take("[");
    const path = this.path();
    if (!this.take(isList ? "]]" : "]")) this.fail("a header that does not end");
    const last = path.pop() ?? "";
    const parent = this.descend(this.#root, path);
    if (isList) return this.append(parent, last);
    const found = (parent[last] ??= table());
    if (!isTable(found) || this.#defined.has(found)) this.fail(`${last} is there twice`);
    this.#defined.add(found);
    return found;
  }

  private append(parent: TomlTable, key: string): TomlTable {
    const list = (parent[key] ??= []);
    if (!Array.isArray(list)) this.fail(`${key} is there twice`);
    const made = table();
    list.push(made);
    return made;
  }

  private pair(into: TomlTable): TomlTable {
    const path = this.path();
    if (!this.take("=")) this.fail(`a value for ${path.join(".")} is missing`);
    this.skipSpaces();
    const last = path.pop() ?? "";
    const parent = this.descend(into, path);
    if (last in parent) this.fail(`${last} is there twice`);
    parent[last] = this.value();
    return into;
  }

  /** Headers below a list of tables mean its newest. */
  private descend(from: TomlTable, path: string[]): TomlTable {
    let current = from;
    for (const key of path) {
      const next = (current[key] ??= table());
      const inner = Array.isArray(next) ? next.at(-1) : next;
      if (inner === undefined || !isTable(inner)) this.fail(`${key} is no table`);
      current = inner;
    }
    return current;
  }

  private path(): string[] {
    const keys: string[] = [];
    do {
      this.skipSpaces();
      keys.push(this.key());
      this.skipSpaces();
    } while (this.take("."));
    return keys;
  }

  private key(): string {
    if (this.peek('"') || this.peek("'")) return this.string();
    return this.match(/[A-Za-z0-9_-]+/y) ?? this.fail("a key is missing");
  }

  private value(): TomlValue {
    if (this.peek('"') || this.peek("'")) return this.string();
    if (this.take("[")) return this.list();
    if (this.take("{")) return this.inlineTable();
    const word = this.match(/[^\s,\]}#]+/y) ?? "";
    if (word === "true" || word === "false") return word === "true";
    const number = word.replace(/(?<=\d)_(?=\d)/g, "");
    if (/^([+-]?\d+(\.\d+)?([eE][+-]?\d+)?|0[xob][0-9a-fA-F]+)$/.test(number)) return Number(number);
    return this.fail(`${word || "nothing"} is no value`);
  }

  private list(): TomlValue[] {
    const values: TomlValue[] = [];
    for (this.skipLines(); !this.take("]"); this.skipLines()) {
      values.push(this.value());
      this.skipLines();
      if (!this.take(",") && !this.peek("]")) this.fail("a list that does not end");
    }
    return values;
  }

  private inlineTable(): TomlTable {
    const made = table();
    for (this.skipSpaces(); !this.take("}"); this.skipSpaces()) {
      this.pair(made);
      this.skipSpaces();
      if (!this.take(",") && !this.peek("}")) this.fail("a table that does not end");
    }
    return made;
  }

  private string(): string {
    for (const quotes of ['"""', "'''"]) {
      if (!this.take(quotes)) continue;
      const end = this.text.indexOf(quotes, this.#at);
      if (end < 0) this.fail("a text that does not end");
      const raw = this.text.slice(this.#at, end).replace(/^\r?\n/, "");
      this.#at = end + quotes.length;
      return quotes === '"""' ? unescape(raw.replace(/\\\r?\n\s*/g, "")) : raw;
    }
    const literal = this.match(/'[^'\n]*'/y);
    if (literal !== undefined) return literal.slice(1, -1);
    const basic = this.match(/"(?:[^"\\\n]|\\.)*"/y) ?? this.fail("a text that does not end");
    return unescape(basic.slice(1, -1));
  }

  private endOfLine(): void {
    this.skipSpaces();
    this.match(/#[^\n]*/y);
    if (this.#at < this.text.length && this.match(/\r?\n/y) === undefined)
      this.fail("more than one thing in a line");
  }

  private skipSpaces(): void {
    this.match(/[ \t]+/y);
  }

  private skipLines(): void {
    this.match(/(?:\s+|#[^\n]*)+/y);
  }

  private peek(text: string): boolean {
    return this.text.startsWith(text, this.#at);
  }

  private take(text: string): boolean {
    const there = this.peek(text);
    if (there) this.#at += text.length;
    return there;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  private fail(what: string): never {
    const line = this.text.slice(0, this.#at).split("\n").length;
    throw new OperatorError({
      code: "fly-toml-unreadable",
      message: `line ${line} of fly.toml: ${what}`,
      remedy: "Mend the line, then run the command again.",
      kind: "usage",
    });
  }
}

const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

function unescape(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)/gs, (_, code: string) =>
    code.length > 1 ? String.fromCodePoint(parseInt(code.slice(1), 16)) : (escapes[code] ?? code),
  );
}

/** Without a prototype: a key of any name is a key. */
function table(): TomlTable {
  return Object.create(null) as TomlTable;
}

function isTable(value: TomlValue): value is TomlTable {
  return typeof value === "object" && !Array.isArray(value);
}
