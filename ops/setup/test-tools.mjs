// The servers and tools that tests talk to and that no npm package holds: fetched once into the tool cache,
// through the ordinary clients of Go's and Debian's package indexes. What cannot be had is said, and its tests are skipped.
import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";

const goTools = {
  versitygw: "github.com/versity/versitygw/cmd/versitygw@v1.8.0",
  actionlint: "github.com/rhysd/actionlint/cmd/actionlint@v1.7.7",
  "toxiproxy-server": "github.com/Shopify/toxiproxy/v2/cmd/server@v2.5.0",
};
const debianTools = {
  age: "age",
  "age-keygen": "age",
  zstd: "zstd",
  promtool: "prometheus",
  prometheus: "prometheus",
};
/** Tools that live off many libraries, by their packages: taken whole by Debian's installer, where that may be. */
const installedTools = { chromium: "chromium" };
/** What does the same under another name. */
const otherNames = { chromium: ["chromium-browser", "google-chrome"] };
/** What the registries hold: a test that skips for one of these has been let down. */
export const testTools = Object.keys({ ...goTools, ...debianTools, ...installedTools });

const deadlineMs = 300_000;
/** After a failure the next try waits this long, so that a machine without a way out is not slow each time. */
const tryAgainMs = 6 * 3600_000;

/** Puts every tool that can be had into `folder` and says of each that cannot why. */
export async function ensureTestTools(folder, say) {
  await mkdir(folder, { recursive: true });
  for (const name of testTools) {
    const names = [name, ...(otherNames[name] ?? [])];
    if ((await Promise.all(names.map((one) => found(one, folder)))).includes(true)) continue;
    const marker = join(folder, `${name}.missing`);
    if (await isFresh(marker)) continue;
    say(`getting ${name} for the tests`);
    const problem = await get(name, folder);
    if (!problem) continue;
    say(`${name} cannot be had, its tests will be skipped: ${problem}`);
    await writeFile(marker, String(Date.now() + tryAgainMs));
  }
}

function get(name, folder) {
  if (name in goTools) return fromGo(name, folder);
  return name in installedTools ? installed(name) : fromDebian(name, folder);
}

async function found(name, folder) {
  const places = [folder, ...(process.env.PATH ?? "").split(delimiter).filter(Boolean)];
  for (const place of places) {
    if (
      await access(join(place, name), constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return true;
  }
  return false;
}

async function isFresh(marker) {
  const until = await readFile(marker, "utf8").catch(() => "0");
  return Number(until) > Date.now();
}

async function fromGo(name, folder) {
  return inScratch(async (scratch) => {
    const failure = await run("go", ["install", goTools[name]], { GOBIN: scratch, GOFLAGS: "-mod=mod" });
    if (failure) return failure;
    const [binary] = await readdir(scratch);
    await rename(join(scratch, binary), join(folder, name));
  }, folder);
}

async function fromDebian(name, folder) {
  return inScratch(async (scratch) => {
    const failure = await run("apt-get", ["download", debianTools[name]], {}, scratch);
    if (failure) return failure;
    const [file] = await readdir(scratch);
    const unpacked = await run("dpkg-deb", ["-x", file, "files"], {}, scratch);
    if (unpacked) return unpacked;
    // A package is fetched once for all that is wanted of it.
    for (const one of Object.keys(debianTools).filter((tool) => debianTools[tool] === debianTools[name]))
      await rename(join(scratch, "files", "usr", "bin", one), join(folder, one));
  }, folder);
}

async function installed(name) {
  if (process.getuid?.() !== 0) return `only root can install it: apt-get install ${installedTools[name]}`;
  const quietly = { DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "-y", "--no-install-recommends", installedTools[name]];
  // A fresh system has no list of packages yet.
  if (!(await run("apt-get", install, quietly))) return undefined;
  await run("apt-get", ["update"], quietly);
  return run("apt-get", install, quietly);
}

/** On the disk of the cache, so that a tool arrives by a rename: whole or not at all. */
async function inScratch(work, folder) {
  const scratch = await mkdtemp(join(folder, "get-"));
  try {
    return await work(scratch);
  } catch (error) {
    return error.message;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Undefined when it went well, else why not. */
function run(command, args, env, cwd) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "pipe"],
      timeout: deadlineMs,
      killSignal: "SIGKILL",
    });
    let said = "";
    child.stderr.on("data", (data) => (said = (said + data).slice(-400)));
    child.once("error", (error) =>
      resolve(error.code === "ENOENT" ? `${command} is not installed` : error.message),
    );
    child.once("close", (code) =>
      resolve(
        code === 0 ? undefined : (said.trim().split("\n").pop() ?? "") || `${command} ended with ${code}`,
      ),
    );
  });
}
