import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { folderFingerprint, projectRoot } from "../infra/support";

export interface BuiltImageArgs {
  /** Where it is pushed. */
  repository: string;
  /** From the folder of the project; what is in it, and that alone, decides whether there is anything to build. */
  context: string;
  /** From the folder of the project. */
  dockerfile: string;
  /** Build arguments by name; they can be read from the image. */
  args: Record<string, string>;
}

/** An image of the app, built and pushed by `docker buildx`; the same sources are built once, whoever asks. */
export class BuiltImage extends pulumi.ComponentResource {
  /** Known before it is built, for its tag is made of the sources. */
  readonly reference: string;
  /** The same, known once it can be pulled. */
  readonly pushed: pulumi.Output<string>;

  constructor(name: string, args: BuiltImageArgs, options?: pulumi.ComponentResourceOptions) {
    super("dnd:index:BuiltImage", name, {}, options);
    this.reference = referenceOf(args);
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

function referenceOf({ repository, context, dockerfile, args }: BuiltImageArgs): string {
  const sources = folderFingerprint(resolve(projectRoot, context));
  const sorted = Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1));
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([sources, dockerfile, sorted]))
    .digest("hex");
  return `${repository}:build-${fingerprint.slice(0, 16)}`;
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
