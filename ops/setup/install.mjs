import { spawn } from "node:child_process";
import { existsSync, lstatSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { clearInterval, setInterval } from "node:timers";
import { withInstallLock } from "./install-lock.mjs";
import { isInstalled, lockedPackages, stampInstall } from "./installed.mjs";
import { SetupError } from "./setup-error.mjs";

const installTimeoutMs = 10 * 60_000;

/** Installs the dependencies when they are missing, half there or stale. */
export async function ensureInstalled(root, { say, live, timeoutMs = installTimeoutMs }) {
  if (isInstalled(root)) return;
  refuseLinked(join(root, "node_modules"));
  const folder = process.env.DND_DIR ?? join(root, ".dnd");
  await withInstallLock(join(folder, "install.lock"), { say, waitMs: timeoutMs }, async () => {
    if (isInstalled(root)) return;
    const started = Date.now();
    if (!live) say("installing the dependencies");
    await npmCi(root, { live, timeoutMs });
    stampInstall(root);
    say(`✓ dependencies   ${((Date.now() - started) / 1000).toFixed(1)}s  installed`);
  });
}

/** npm empties the folder first, and through a link that is one of somebody else's. */
function refuseLinked(folder) {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  throw new SetupError(
    `the dependencies are not those of this checkout, and node_modules is a link to ${readlinkSync(folder)}: installing would empty that folder`,
    "Run `npm ci` where the link leads, or remove the link to install here.",
  );
}

async function npmCi(root, { live, timeoutMs }) {
  const said = [];
  const [program, ...args] = npmCommand();
  const child = spawn(program, [...args, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const collect = (chunk) => said.push(chunk.toString());
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const end = watch(child, root, { live, timeoutMs });
  const code = await new Promise((resolve) => {
    child.once("error", (error) => {
      said.push(error.message);
      resolve(1);
    });
    child.once("close", resolve);
  });
  const timedOut = end();
  if (timedOut) throw failed(`npm ci had not ended after ${timeoutMs / 1000}s and was stopped`, said);
  if (code !== 0) throw failed(`npm ci failed (exit code ${code})`, said);
}

/** Ends npm at the deadline and with ourselves, and draws how far it is. */
function watch(child, root, { live, timeoutMs }) {
  let timedOut = false;
  const killGroup = () => {
    if (child.pid === undefined || child.exitCode !== null) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  };
  const interrupted = () => {
    killGroup();
    process.exit(130);
  };
  const deadline = setTimeout(() => {
    timedOut = true;
    killGroup();
  }, timeoutMs);
  const drawing = live ? drawProgress(root) : undefined;
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, interrupted);
  return () => {
    clearTimeout(deadline);
    clearInterval(drawing);
    if (live) process.stderr.write("\r\u001b[2K");
    for (const signal of ["SIGINT", "SIGTERM"]) process.removeListener(signal, interrupted);
    return timedOut;
  };
}

function drawProgress(root) {
  const packages = lockedPackages(root);
  const started = Date.now();
  return setInterval(() => {
    const done = packages.filter(([folder]) => existsSync(join(root, folder, "package.json"))).length;
    const filled = Math.floor((done / packages.length) * 20);
    const bar = "█".repeat(filled) + "░".repeat(20 - filled);
    const seconds = ((Date.now() - started) / 1000).toFixed(0);
    process.stderr.write(
      `\r\u001b[2K… dependencies [${bar}] ${done} of ${packages.length} packages, ${seconds}s`,
    );
  }, 300);
}

/** The npm that started us where one did: it is there, and has the user's settings. */
function npmCommand() {
  const own = process.env.npm_execpath;
  return own && /npm-cli\.[cm]?js$/.test(own) ? [process.execPath, own] : ["npm"];
}

function failed(message, said) {
  const lines = said
    .join("")
    .split("\n")
    .filter((line) => line.replace(/^npm (error|warn)/, "").trim() !== "");
  const errors = lines.filter((line) => !line.startsWith("npm warn"));
  return new SetupError(
    [`${message}:`, ...errors.slice(0, 12)].join("\n  "),
    "Mend what npm names (registry, proxy, disk), then run the command again: it starts the install anew.",
  );
}
