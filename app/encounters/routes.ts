import type { Db } from "mongodb";
import { accept, readJsonBody, type Handler, type Route } from "../http";
import { idFrom, listWindow, reference, view } from "../record";
import { damage, finishCombat, heal, nextTurn, startCombat, type CombatStep } from "./combat";
import { blow, encounterStatus, newCombatant, newEncounter, turnSeen } from "./encounter";
import { z } from "zod";
import {
  addCombatant,
  createEncounter,
  deleteEncounter,
  findEncounter,
  listEncounters,
  takeStep,
} from "./store";

const query = listWindow.extend({ partyId: reference.optional(), status: encounterStatus.optional() });
const nothing = z.strictObject({});

/** /api/encounters */
export function encounterRoutes(db: Db): Route[] {
  /** A step of a fight: its order is the body, the encounter as it stands then is the answer. */
  const step =
    <T>(order: z.ZodType<T>, plan: (given: T) => CombatStep): Handler =>
    async ({ request, params }) => {
      const id = idFrom(params.id, "encounter");
      const given = accept(order, await readJsonBody(request));
      return Response.json(view(await takeStep(db, id, plan(given))));
    };
  return [
    {
      path: "/api/encounters",
      methods: {
        GET: async ({ url }) => {
          const found = await listEncounters(db, accept(query, Object.fromEntries(url.searchParams)));
          return Response.json({ encounters: found.map(view) });
        },
        POST: async ({ request }) => {
          const encounter = await createEncounter(db, accept(newEncounter, await readJsonBody(request)));
          const location = `/api/encounters/${encounter._id.toHexString()}`;
          return Response.json(view(encounter), { status: 201, headers: { location } });
        },
      },
    },
    {
      path: "/api/encounters/:id",
      methods: {
        GET: async ({ params }) =>
          Response.json(view(await findEncounter(db, idFrom(params.id, "encounter")))),
        DELETE: async ({ params }) => {
          await deleteEncounter(db, idFrom(params.id, "encounter"));
          return new Response(null, { status: 204 });
        },
      },
    },
    {
      path: "/api/encounters/:id/combatants",
      methods: {
        POST: async ({ request, params }) => {
          const id = idFrom(params.id, "encounter");
          const { characterId, ...rest } = accept(newCombatant, await readJsonBody(request));
          const combatant = { ...rest, ...(characterId ? { characterId } : {}) };
          return Response.json(view(await addCombatant(db, id, combatant)), { status: 201 });
        },
      },
    },
    { path: "/api/encounters/:id/start", methods: { POST: step(nothing, startCombat) } },
    { path: "/api/encounters/:id/turn", methods: { POST: step(turnSeen, nextTurn) } },
    {
      path: "/api/encounters/:id/damage",
      methods: { POST: step(blow, (given) => damage(given.combatant, given.amount)) },
    },
    {
      path: "/api/encounters/:id/heal",
      methods: { POST: step(blow, (given) => heal(given.combatant, given.amount)) },
    },
    { path: "/api/encounters/:id/finish", methods: { POST: step(nothing, finishCombat) } },
  ];
}
