import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OperatorError } from "../../support";

const patienceMs = 10_000;
const program = "ssh-keygen";

/** Signs a text with a person's SSH key, as `ssh-keygen -Y sign` does; a key in an agent is named by its public half. */
export async function sign(text: string, key: string, namespace: string): Promise<string> {
  return inFolder(async (folder) => {
    const file = join(folder, "text");
    await writeFile(file, text);
    const { code, told } = await run(["-Y", "sign", "-q", "-f", key, "-n", namespace, file]);
    if (code === 0) return readFile(`${file}.sig`, "utf8");
    throw new OperatorError({
      code: "signature-failed",
      message: `${key} did not sign: ${told}`,
      remedy: "Name an SSH key that you may use with --key; one with a passphrase has to be in an agent.",
    });
  });
}

/** Who signed a text, by a file of allowed signers; null where nobody of them did. */
export async function signerOf(
  text: string,
  signature: string,
  signers: string,
  namespace: string,
): Promise<string | null> {
  return inFolder(async (folder) => {
    const file = join(folder, "signature");
    await writeFile(file, signature);
    const found = await run(["-Y", "find-principals", "-s", file, "-f", signers]);
    const [principal] = found.out.trim().split("\n");
    if (found.code !== 0 || !principal) return null;
    const checked = ["-Y", "verify", "-f", signers, "-I", principal, "-n", namespace, "-s", file];
    return (await run(checked, text)).code === 0 ? principal : null;
  });
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "dnd-signature-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(args: string[], input = ""): Promise<{ code: number; out: string; told: string }> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { timeout: patienceMs }, (error, out, err) => {
      const code = error?.code;
      if (code === "ENOENT") return reject(missing());
      return resolve({ code: error ? (typeof code === "number" ? code : 1) : 0, out, told: err.trim() });
    });
    // Where it ends before it has read everything, its exit code tells why.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

function missing(): OperatorError {
  return new OperatorError({
    code: "ssh-keygen-missing",
    message: `${program} is not on PATH: signatures are neither made nor checked without it`,
    remedy: "Install the client of OpenSSH, 8.1 or later.",
  });
}
