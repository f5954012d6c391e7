export type Properties = Record<string, unknown>;

/** What a kind of resource does when it is really made; whatever it leaves out only remembers. */
export interface Kind {
  /** Inputs that say which thing it is: another value is another thing. */
  identity?: readonly string[];
  /** Ends what cannot be, with the vendor's words, and what nobody waits for any more. */
  create?(inputs: Properties, cancelled: AbortSignal): Made | Promise<Made>;
  update?(id: string, inputs: Properties, before: Properties): Properties | Promise<Properties>;
  delete?(id: string, inputs: Properties): void | Promise<void>;
  /** What exists already, by its id, for an import. */
  find?(id: string): Found | undefined | Promise<Found | undefined>;
}

export interface Found {
  inputs: Properties;
  outputs?: Properties;
}

export interface Made {
  id: string;
  outputs?: Properties;
}

/** A cloud that a plugin works in: its kinds of resources and its functions. */
export interface Cloud {
  npmPackage: string;
  kinds: Readonly<Record<string, Kind>>;
  functions: Readonly<Record<string, (args: Properties) => Properties>>;
}

/** One call that changed something. */
export interface Deed {
  did: "create" | "update" | "delete";
  type: string;
  id: string;
  inputs: Properties;
}

/** The next deed of this kind on such a type fails with these words. */
export interface Fault {
  did: Deed["did"];
  type: string;
  says: string;
}
