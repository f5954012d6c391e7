import { spawn } from "node:child_process";

const watching = 'read _; kill -9 "$0" 2>/dev/null; rm -rf "$1"';

/**
 * Ends a server of this process when the process is gone, however it went, and removes the server's folder. A shell holds the other
 * end of a pipe that closes with the process. Gives what calls it off, for a server that has been stopped in order.
 */
export function endWithMe(pid: number, folder: string): () => void {
  const watcher = spawn("/bin/sh", ["-c", watching, String(pid), folder], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  // Where there is no shell the next run finds what is left.
  watcher.on("error", () => undefined);
  watcher.stdin.on("error", () => undefined);
  watcher.unref();
  (watcher.stdin as unknown as { unref?(): void }).unref?.();
  return () => void watcher.kill("SIGKILL");
}
