import { cp, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../../infra/support";

const rooms = ["app", "components", "embedded", "infra", "migrations", "ops", "policy", "stacks"];
const settings = ["Pulumi.yaml", "Pulumi.production.yaml", "Pulumi.staging.yaml"];
const files = [...settings, "package.json", "package-lock.json", "index.cjs"];

/** The committed project in another folder, whose settings a test may change. */
export async function copyCheckout(folder: string): Promise<void> {
  await mkdir(folder);
  for (const name of rooms) await cp(join(projectRoot, name), join(folder, name), { recursive: true });
  for (const name of files) await cp(join(projectRoot, name), join(folder, name));
  await symlink(join(projectRoot, "node_modules"), join(folder, "node_modules"));
}
