import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { folderFingerprint } from "../../infra/support";
import { pushImage } from "./push-image";

/** As much of the `docker` program as a stack uses: builds of nothing but their settings, pushed to a registry. */
async function docker([what, verb, ...rest]: string[]): Promise<void> {
  if (what !== "buildx") throw new Error(`unknown command: docker ${what ?? ""}`);
  if (verb === "imagetools" && rest[0] === "inspect") return inspect(rest[1] ?? "");
  if (verb === "build") return build(rest);
  throw new Error(`unknown command: docker buildx ${verb ?? ""}`);
}

async function inspect(image: string): Promise<void> {
  const [base, tag] = placeOf(image);
  const { status } = await fetch(`${base}/manifests/${tag}`, { method: "HEAD" });
  if (status !== 200) throw new Error(`${image}: not found`);
}

async function build(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      push: { type: "boolean" },
      platform: { type: "string", default: "linux/arm64" },
      tag: { type: "string", default: "" },
      file: { type: "string", default: "Dockerfile" },
      "build-arg": { type: "string", multiple: true, default: [] },
    },
  });
  const [context = ""] = positionals;
  if (!existsSync(values.file)) throw new Error(`failed to read dockerfile: open ${values.file}`);
  if (!existsSync(context)) throw new Error(`unable to prepare context: path "${context}" not found`);
  const labels = Object.fromEntries(values["build-arg"].map((name) => [name, process.env[name] ?? ""]));
  const [base, tag] = placeOf(values.tag);
  // The sources make the image another one.
  const content = { ...labels, sources: folderFingerprint(context) };
  if (values.push) await pushImage({ base, labels: content }, tag, values.platform);
}

function placeOf(image: string): [base: string, tag: string] {
  const [, host = "", repository = "", tag = ""] = /^([^/]+)\/(.+):([^:]+)$/.exec(image) ?? [];
  return [`http://${host}/v2/${repository}`, tag];
}

docker(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`ERROR: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
