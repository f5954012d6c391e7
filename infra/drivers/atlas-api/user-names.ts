import { z } from "zod";
import { pathOf } from "./path";
import type { AtlasApi } from "./contract";
import type { Send } from "./request";

/** More than Atlas lets a project have. */
const pageSize = 500;

const usersSchema = z.looseObject({
  results: z.array(z.looseObject({ username: z.string() })).optional(),
});

export function userNames(send: Send): AtlasApi["userNames"] {
  return async (project, options) => {
    const { results = [] } = await send(
      {
        doing: "show the database's users",
        method: "GET",
        path: `${pathOf("groups", project, "databaseUsers")}?itemsPerPage=${pageSize}`,
        version: "2023-01-01",
        right: "Project Read Only",
        answer: usersSchema,
      },
      options,
    );
    return results.map(({ username }) => username);
  };
}
