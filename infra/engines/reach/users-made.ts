import type { AtlasApi, CallOptions } from "../../drivers/atlas-api";
import { loginOf, stackKey } from "../../drivers/mongo";

/** Whether a project has a user that plans log in as, of whatever rotation: a run may have ended between cluster and users. */
export async function usersMade(api: AtlasApi, project: string, options: CallOptions = {}): Promise<boolean> {
  const ofNoRotation = loginOf("migration", stackKey(), 0).user.slice(0, -1);
  const { id } = await api.project(project, options);
  return (await api.userNames(id, options)).some((name) => name.startsWith(ofNoRotation));
}
