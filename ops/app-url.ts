import type { Settings } from "../stacks/settings";
import { localStackName } from "./local-stack";

/** Where the app of a stack answers. */
export function appUrl(stack: string, { app }: Settings): string {
  if (stack === localStackName) return `http://127.0.0.1:${app.port}`;
  return app.url ?? `https://${app.name}.fly.dev`;
}
