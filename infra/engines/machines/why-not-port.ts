import { isFree } from "../../drivers/processes";
import { addressOf, observeMachines } from "./observe-machines";

/** Why an app's address cannot be opened on a port; undefined when it can, or is open there already. */
export async function whyNotPort(app: string, port: number): Promise<string | undefined> {
  if (!Number.isInteger(port) || port < 1024 || port > 65535) return `${port} is no port from 1024 to 65535`;
  if (await isFree(port)) return undefined;
  const { url } = await observeMachines(app);
  if (url === addressOf(port)) return undefined;
  return `port ${port} is taken by another program: stop that, or choose another port in dnd-tracker:app.port`;
}
