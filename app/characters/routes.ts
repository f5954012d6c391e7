import type { Db } from "mongodb";
import { z } from "zod";
import { accept, readJsonBody, type Route } from "../http";
import { idFrom, listWindow, reference, view } from "../record";
import { characterChange, newCharacter } from "./character";
import { changeCharacter, createCharacter, deleteCharacter, findCharacter, listCharacters } from "./store";

const query = listWindow.extend({
  partyId: reference.optional(),
  startsWith: z.string().min(1).max(80).optional(),
});

/** /api/characters */
export function characterRoutes(db: Db): Route[] {
  return [
    {
      path: "/api/characters",
      methods: {
        GET: async ({ url }) => {
          const found = await listCharacters(db, accept(query, Object.fromEntries(url.searchParams)));
          return Response.json({ characters: found.map(view) });
        },
        POST: async ({ request }) => {
          const character = await createCharacter(db, accept(newCharacter, await readJsonBody(request)));
          const location = `/api/characters/${character._id.toHexString()}`;
          return Response.json(view(character), { status: 201, headers: { location } });
        },
      },
    },
    {
      path: "/api/characters/:id",
      methods: {
        GET: async ({ params }) =>
          Response.json(view(await findCharacter(db, idFrom(params.id, "character")))),
        PATCH: async ({ request, params }) => {
          const id = idFrom(params.id, "character");
          const change = accept(characterChange, await readJsonBody(request));
          return Response.json(view(await changeCharacter(db, id, change)));
        },
        DELETE: async ({ params }) => {
          await deleteCharacter(db, idFrom(params.id, "character"));
          return new Response(null, { status: 204 });
        },
      },
    },
  ];
}
