import type { ImageProgram } from "../../embedded/fly";
import { OperatorError } from "../../infra/support";
import type { Terminal } from "../terminal";
import { pairExamples, pairsOf, type FlyOptions } from "./options";

/** What the machines of each image run: the commands that were given, else the reference app for every image. */
export async function programs(
  { image, env }: FlyOptions,
  terminal: Terminal,
): Promise<(image: string) => ImageProgram | undefined> {
  const given = pairsOf("image", image);
  const variables = Object.fromEntries(pairsOf("env", env));
  const app = given.size === 0 ? await referenceApp(variables, terminal) : undefined;
  return (name) => {
    const [tagged = "", digest] = name.split("@");
    const command = given.get(name) ?? given.get(tagged);
    if (command !== undefined)
      return { command: ["sh", "-c", `exec ${command}`], cwd: process.cwd(), env: variables };
    const version = tagged.slice(tagged.lastIndexOf("/") + 1).split(":")[1] ?? "latest";
    const told = { APP_VERSION: version, ...(digest ? { IMAGE_DIGEST: digest } : {}) };
    return app && { ...app, env: { ...told, ...variables } };
  };
}

/** The port of each app's address; the system chooses for those without one. */
export function portsGiven(texts: readonly string[]): (app: string) => number {
  const ports = [...pairsOf("app-port", texts)].map(([app, text]) => [app, Number(text)] as const);
  const wrong = ports.find(([, port]) => !Number.isInteger(port) || port < 1 || port > 65_535);
  if (wrong) {
    throw new OperatorError({
      code: "app-port-unclear",
      message: `--app-port ${wrong[0]} needs a port from 1 to 65535`,
      remedy: `Write ${pairExamples["app-port"]}.`,
      kind: "usage",
    });
  }
  const byApp = new Map(ports);
  return (app) => byApp.get(app) ?? 0;
}

async function referenceApp(variables: Record<string, string>, { say }: Terminal): Promise<ImageProgram> {
  if (!variables.MONGODB_URI) {
    say(
      "Every image is the reference app, which needs MONGODB_URI: give it by --env MONGODB_URI=mongodb://…, " +
        "or to its machines by their env or the app's secrets. Without it they end with exit code 2.",
    );
  }
  const { ensureImage, imageOf } =
    require("../../infra/engines/machines") as typeof import("../../infra/engines/machines");
  const image = await imageOf({ name: "dnd-tracker", version: "stand-in" });
  const { command, folder } = await ensureImage(image, say);
  return { command, cwd: folder };
}
