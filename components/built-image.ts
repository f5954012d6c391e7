import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { builtImageReference, type ImageSources } from "../infra/support";

export type BuiltImageArgs = ImageSources;

/** An image of the app, built and pushed by `docker buildx`; the same sources are built once, whoever asks. */
export class BuiltImage extends pulumi.ComponentResource {
  /** Known before it is built, for its tag is made of the sources. */
  readonly reference: string;
  /** The same, known once it can be pulled. */
  readonly pushed: pulumi.Output<string>;

  constructor(name: string, args: BuiltImageArgs, options?: pulumi.ComponentResourceOptions) {
    super("dnd:index:BuiltImage", name, {}, options);
    this.reference = builtImageReference(args);
    // Values go by the environment, where no shell reads them; paths stay relative, to be the same on every computer.
    const build = new local.Command(
      `${name}-build`,
      {
        create: buildCommand(Object.keys(args.args)),
        interpreter: ["/bin/sh", "-c"],
        environment: {
          ...args.args,
          DND_IMAGE: this.reference,
          DND_DOCKERFILE: args.dockerfile,
          DND_CONTEXT: args.context,
        },
        triggers: [this.reference],
      },
      { parent: this },
    );
    this.pushed = build.id.apply(() => this.reference);
    this.registerOutputs({ reference: this.reference });
  }
}

/** What another stack, or a run whose state is lost, has pushed already is not built again. */
function buildCommand(names: readonly string[]): string {
  const given = [...names].sort().map((name) => ` --build-arg ${name}`);
  return (
    // The plugin starts in the folder of the program, and paths are from that of the project.
    "[ -f Pulumi.yaml ] || cd .. ; " +
    'docker buildx imagetools inspect "$DND_IMAGE" >/dev/null 2>&1 || ' +
    `docker buildx build --push --platform linux/amd64 --tag "$DND_IMAGE" --file "$DND_DOCKERFILE"${given.join("")} "$DND_CONTEXT"`
  );
}
