import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { cacheFolder, messageOf } from "../../infra/support";
import { runChild } from "./child";
import { findPulumi, launcherVersion, type PulumiSearch } from "./pulumi-binary";

const downloadTimeoutMs = 60_000;
const rememberFailureMs = 24 * 3_600_000;

/**
 * Lets Pulumi's own launcher package fetch the CLI. It has a deadline, and after a failure it is left alone
 * for a day, so that a machine without a way out starts as fast as any other.
 */
export async function downloadPulumi(signal?: AbortSignal): Promise<PulumiSearch> {
  const failure = await lastFailure();
  if (failure) return { found: undefined, reason: `${failure} (tried less than a day ago)` };
  const reason = await fetchByLauncher(signal);
  if (reason === undefined) return findPulumi(signal);
  const { writeAtomically } =
    require("../../infra/drivers/files") as typeof import("../../infra/drivers/files");
  await writeAtomically(failureFile(), JSON.stringify({ at: Date.now(), reason }));
  return { found: undefined, reason };
}

/** Undefined when it went well, else the reason in one line. */
async function fetchByLauncher(signal?: AbortSignal): Promise<string | undefined> {
  try {
    const child = await runChild("npx", ["--yes", `pulumi@${launcherVersion}`, "version"], {
      cwd: tmpdir(),
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true", npm_config_update_notifier: "false" },
      timeoutMs: downloadTimeoutMs,
      kill: signal,
    });
    if (child.code === 0) return undefined;
    return `Pulumi's CLI could not be downloaded (${lastLine(child.stderr)})`;
  } catch (error) {
    return `Pulumi's CLI could not be downloaded (${messageOf(error).split("\n")[0]})`;
  }
}

async function lastFailure(): Promise<string | undefined> {
  try {
    const { at, reason } = JSON.parse(await readFile(failureFile(), "utf8")) as {
      at?: unknown;
      reason?: unknown;
    };
    const recent = typeof at === "number" && Date.now() - at < rememberFailureMs;
    return recent && typeof reason === "string" ? reason : undefined;
  } catch {
    // None is remembered, or nothing that can be read: then it is tried.
    return undefined;
  }
}

function failureFile(): string {
  return cacheFolder("pulumi-download.json");
}

function lastLine(text: string): string {
  return (
    text
      .trim()
      .split("\n")
      .at(-1)
      ?.replace(/^(npm error|pulumi:)\s*/, "") ?? "no reason given"
  );
}
