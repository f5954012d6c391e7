import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";

interface BuildInputs {
  create: string;
  environment: Record<string, string>;
  triggers: string[];
}

const commands: BuildInputs[] = [];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-built-image-"));
  await mkdir(join(folder, "context"));
  await writeFile(join(folder, "context", "server.js"), "1");
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      if (type === "command:local:Command") commands.push(inputs as BuildInputs);
      return { id: `${name}-id`, state: inputs as Record<string, unknown> };
    },
    call: () => ({}),
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const known = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

async function build(args: Record<string, string> = { APP_VERSION: "1.4.0" }) {
  const { BuiltImage } = await import("../../components/built-image");
  const context = join(folder, "context");
  const image = new BuiltImage("image", {
    repository: "registry.fly.io/web",
    ...{ context, dockerfile: "Dockerfile", args },
  });
  expect(await known(image.pushed)).toBe(image.reference);
  const command = commands.at(-1);
  if (!command) throw new Error("there is no command");
  return { reference: image.reference, command };
}

/** A shell in which `docker` notes its words, and knows the images of a file. */
async function perform({ create, environment }: BuildInputs): Promise<string[]> {
  const docker = `#!/bin/sh
if [ "$2" = imagetools ]; then grep -qx "$4" "${folder}/pushed" 2>/dev/null; exit; fi
echo "$*" >> "${folder}/built"; echo "$DND_IMAGE" >> "${folder}/pushed"\n`;
  await writeFile(join(folder, "docker"), docker);
  await chmod(join(folder, "docker"), 0o755);
  const env = { ...process.env, ...environment, PATH: `${folder}:${process.env.PATH ?? ""}` };
  await promisify(execFile)("/bin/sh", ["-c", create], { env });
  return (await readFile(join(folder, "built"), "utf8")).trim().split("\n");
}

describe("an image that a stack builds", () => {
  test("has a tag made of its sources, so that the same ones are one build and others are another", async () => {
    const first = await build();
    const again = await build();
    expect(first.reference).toMatch(/^registry\.fly\.io\/web:build-[0-9a-f]{16}$/);
    expect(again.command).toEqual(first.command);
    expect(first.command.triggers).toEqual([first.reference]);
    expect((await build({ APP_VERSION: "1.5.0" })).reference).not.toBe(first.reference);
    await writeFile(join(folder, "context", "server.js"), "2");
    expect((await build()).reference).not.toBe(first.reference);
  });

  test("is built for Fly's machines and pushed once, whatever its arguments hold", async () => {
    const { command, reference } = await build({ MOTTO: 'a "b"; exit 7 $HOME' });
    expect(command.environment.MOTTO).toBe('a "b"; exit 7 $HOME');
    const built = await perform(command);
    expect(built).toEqual([
      `buildx build --push --platform linux/amd64 --tag ${reference} --file Dockerfile --build-arg MOTTO ${join(folder, "context")}`,
    ]);
    expect(await perform(command)).toEqual(built);
  });
});
