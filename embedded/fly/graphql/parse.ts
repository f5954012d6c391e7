/** One wanted field, with the arguments that it was asked with. */
export interface Field {
  name: string;
  alias: string;
  args: Record<string, unknown>;
  fields: Field[];
}

const token = /"""[\s\S]*?"""|"(?:\\.|[^"\\])*"|\.\.\.|[A-Za-z_]\w*|-?\d+(?:\.\d+)?|[{}()[\]:!=|$@]/g;

/** The fields of the one operation of a query, its fragments put in; as much of the language as clients here use. */
export function parseQuery(text: string, variables: Record<string, unknown>): Field[] {
  return new Reader(text.replace(/#.*$/gm, ""), variables).operation();
}

class Reader {
  readonly #tokens: string[];
  readonly #fragments = new Map<string, Field[]>();
  #at = 0;

  constructor(
    text: string,
    private readonly variables: Record<string, unknown>,
  ) {
    this.#tokens = text.match(token) ?? [];
    this.readFragments();
    this.#at = 0;
  }

  operation(): Field[] {
    while (this.#at < this.#tokens.length) {
      if (this.peek() === "fragment") {
        this.skipTo("{");
        this.selection();
        continue;
      }
      this.skipHead();
      return this.selection();
    }
    throw new Error("the query has no operation");
  }

  /** A fragment may stand behind its use, so all are read first; one within another must stand before it. */
  private readFragments(): void {
    for (const [index, word] of this.#tokens.entries()) {
      if (word !== "fragment") continue;
      this.#at = index + 1;
      const name = this.next();
      this.skipTo("{");
      this.#fragments.set(name, this.selection());
    }
  }

  /** The kind and name of the operation, and the declarations of its variables. */
  private skipHead(): void {
    let depth = 0;
    while (this.#at < this.#tokens.length && (depth > 0 || this.peek() !== "{")) {
      const word = this.next();
      if (word === "(") depth++;
      if (word === ")") depth--;
    }
  }

  private selection(): Field[] {
    this.expect("{");
    const fields: Field[] = [];
    while (this.peek() !== "}") {
      if (this.peek() === "...") fields.push(...this.spread());
      else fields.push(this.field());
    }
    this.expect("}");
    return fields;
  }

  private spread(): Field[] {
    this.expect("...");
    if (this.peek() === "on") {
      this.next();
      this.next();
      return this.selection();
    }
    return this.#fragments.get(this.next()) ?? [];
  }

  private field(): Field {
    const first = this.next();
    const named = this.peek() === ":" ? (this.next(), this.next()) : first;
    const args = this.peek() === "(" ? this.args() : {};
    const fields = this.peek() === "{" ? this.selection() : [];
    return { name: named, alias: first, args, fields };
  }

  private args(): Record<string, unknown> {
    const args: Record<string, unknown> = {};
    this.expect("(");
    while (this.peek() !== ")") {
      const name = this.next();
      this.expect(":");
      args[name] = this.value();
    }
    this.expect(")");
    return args;
  }

  private value(): unknown {
    const word = this.next();
    if (word === "$") return this.variables[this.next()];
    if (word === "[") return this.until("]", () => this.value());
    if (word === "{") {
      const entries = this.until("}", () => {
        const name = this.next();
        this.expect(":");
        return [name, this.value()] as const;
      });
      return Object.fromEntries(entries);
    }
    if (word.startsWith('"')) return JSON.parse(word) as unknown;
    if (word === "true" || word === "false") return word === "true";
    if (word === "null") return null;
    return /^-?\d/.test(word) ? Number(word) : word;
  }

  private until<T>(end: string, read: () => T): T[] {
    const found: T[] = [];
    while (this.peek() !== end) found.push(read());
    this.expect(end);
    return found;
  }

  private skipTo(wanted: string): void {
    while (this.#at < this.#tokens.length && this.peek() !== wanted) this.#at++;
  }

  private peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  private next(): string {
    const word = this.#tokens[this.#at++];
    if (word === undefined) throw new Error("the query ends too early");
    return word;
  }

  private expect(wanted: string): void {
    const word = this.next();
    if (word !== wanted) throw new Error(`the query has ${word} where ${wanted} should be`);
  }
}
