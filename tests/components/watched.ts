import * as pulumi from "@pulumi/pulumi";

/** A resource as a component asked for it. */
export interface Asked {
  type: string;
  name: string;
  /** As the engine would get them. */
  inputs: Record<string, unknown>;
  /** As the component wrote them, secrets marked. */
  props: Record<string, unknown>;
  options: pulumi.CustomResourceOptions;
}

interface Written {
  props: Record<string, unknown>;
  options: pulumi.CustomResourceOptions;
}

/** Watches what components ask for, in place of an engine. */
export class Watched {
  readonly #written = new Map<string, Written>();
  readonly #inputs: Omit<Asked, "props" | "options">[] = [];

  /** What a component is to be made with, so that all in it is seen. */
  readonly options: pulumi.ComponentResourceOptions = {
    transformations: [
      ({ type, name, props, opts }) => {
        this.#written.set(`${type} ${name}`, { props: props as Written["props"], options: opts });
        return undefined;
      },
    ],
  };

  async start(answers: (type: string, name: string) => object, functions: object): Promise<void> {
    await pulumi.runtime.setMocks({
      newResource: ({ type, name, inputs }) => {
        this.#inputs.push({ type, name, inputs: inputs as Record<string, unknown> });
        return { id: `${name}-id`, state: { ...(inputs as object), ...answers(type, name) } };
      },
      call: () => functions as Record<string, unknown>,
    });
  }

  forget(): void {
    this.#inputs.length = 0;
    this.#written.clear();
  }

  /** All that was asked for, once everything is known. */
  async all(): Promise<Asked[]> {
    await pulumi.runtime.disconnect();
    return this.#inputs.flatMap((one) => {
      const written = this.#written.get(`${one.type} ${one.name}`);
      return written ? [{ ...one, ...written }] : [];
    });
  }

  async of(type: string): Promise<Asked[]> {
    return (await this.all()).filter((one) => one.type === type);
  }
}
