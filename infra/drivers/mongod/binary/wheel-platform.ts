import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const libraryFolders = [
  "/lib/x86_64-linux-gnu",
  "/usr/lib/x86_64-linux-gnu",
  "/lib64",
  "/usr/lib64",
  "/usr/lib",
];

/** Why the wheel's mongod cannot run on this machine; undefined when it can. */
export function whyNoWheel(): string | undefined {
  const { platform, arch } = process;
  if (platform !== "linux" || arch !== "x64")
    return `it is for Linux on x86-64, and this is ${platform} on ${arch}`;
  if (!hasGlibc()) return "it needs the GNU C library, and this system has another one";
  if (!hasOpenSsl3()) return "it needs OpenSSL 3 (libssl.so.3), which is not installed here";
  return undefined;
}

function hasGlibc(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
}

function hasOpenSsl3(): boolean {
  const own = (process.env.LD_LIBRARY_PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...own, ...libraryFolders].some((folder) => existsSync(join(folder, "libssl.so.3")));
}
