import { messageOf } from "../infra/support";
import { openLog, withoutSecrets } from "./log";
import { startApp } from "./running-app";
import { readAppSettings } from "./settings";

/** The process: starts the app and stops it when asked, once. */
async function main(): Promise<void> {
  const settings = readAppSettings(process.env);
  const log = openLog(settings.LOG_LEVEL);
  const running = await startApp(settings, log);
  const { APP_VERSION: version, GIT_SHA: commit, DEPLOY_ENV: environment } = settings;
  log.info({ port: running.port, version, commit, environment }, "listening");

  const stop = async (signal: NodeJS.Signals) => {
    log.info({ signal }, "stopping");
    const clean = await running.stop();
    log[clean ? "info" : "warn"](clean ? "stopped" : "stopped, requests were cut off at the deadline");
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(signal));
  process.on("uncaughtException", (error) => {
    log.fatal({ err: error }, "stopped by an error that nobody caught");
    process.exit(1);
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${withoutSecrets(messageOf(error))}\n`);
  process.exit((error as { exitCode?: number }).exitCode ?? 1);
});
