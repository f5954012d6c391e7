const known = new WeakSet<object>();

/** Whether a value stands for one that only a real database would give. */
export function isAnything(value: unknown): boolean {
  return (typeof value === "function" || typeof value === "object") && value !== null && known.has(value);
}

/** A value that bears whatever is done with it: a document, a field, a list of one, a function. */
export function anything(): unknown {
  const value: unknown = new Proxy(() => undefined, {
    get(_target, name) {
      if (name === Symbol.toPrimitive) return (hint: string) => (hint === "number" ? 1 : "anything");
      if (name === Symbol.iterator) return () => [anything()].values();
      if (name === "length") return 1;
      // Nobody may wait for it, and no driver takes it for one of its own types.
      if (name === "then" || name === "_bsontype") return undefined;
      if (name in Array.prototype) return (Reflect.get([anything()], name) as Method).bind([anything()]);
      return anything();
    },
    apply: () => anything(),
  });
  known.add(value as object);
  return value;
}

type Method = (...args: unknown[]) => unknown;
