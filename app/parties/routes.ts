import type { Db } from "mongodb";
import { z } from "zod";
import { listCharacters } from "../characters";
import { accept, readJsonBody, type Route } from "../http";
import { displayName, idFrom, listWindow, view } from "../record";
import { createParty, deleteParty, findParty, listParties, renameParty } from "./store";

const query = listWindow.extend({ startsWith: z.string().min(1).max(80).optional() });
const namedParty = z.strictObject({ name: displayName });

/** /api/parties */
export function partyRoutes(db: Db): Route[] {
  return [
    {
      path: "/api/parties",
      methods: {
        GET: async ({ url }) => {
          const found = await listParties(db, accept(query, Object.fromEntries(url.searchParams)));
          return Response.json({ parties: found.map(view) });
        },
        POST: async ({ request }) => {
          const { name } = accept(namedParty, await readJsonBody(request));
          const party = await createParty(db, name);
          const location = `/api/parties/${party._id.toHexString()}`;
          return Response.json(view(party), { status: 201, headers: { location } });
        },
      },
    },
    {
      path: "/api/parties/:id",
      methods: {
        GET: async ({ params }) => {
          const party = await findParty(db, idFrom(params.id, "party"));
          const members = await listCharacters(db, { partyId: party._id, limit: 200, offset: 0 });
          return Response.json({ ...view(party), members: members.map(view) });
        },
        PATCH: async ({ request, params }) => {
          const id = idFrom(params.id, "party");
          const { name } = accept(namedParty, await readJsonBody(request));
          return Response.json(view(await renameParty(db, id, name)));
        },
        DELETE: async ({ params }) => {
          await deleteParty(db, idFrom(params.id, "party"));
          return new Response(null, { status: 204 });
        },
      },
    },
  ];
}
