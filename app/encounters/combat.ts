import type { Document, Filter } from "mongodb";
import type { Encounter } from "./encounter";

/** One step of a fight as a single atomic change: who may take it, and what the database makes of it. */
export interface CombatStep {
  /** How it reads after "cannot". */
  name: string;
  allowed: Filter<Encounter>;
  change: Document[];
}

/** Opens the first round; the one with the highest initiative begins. */
export function startCombat(): CombatStep {
  return {
    name: "start: it must be planned and have at least one combatant",
    allowed: { status: "planned", "combatants.0": { $exists: true } },
    change: [{ $set: { status: "active", round: 1, turnIndex: 0 } }],
  };
}

/** Gives the turn to the next one; after the last a new round begins. */
export function nextTurn(seen: { round?: number | undefined; turnIndex?: number | undefined }): CombatStep {
  const next = { $add: ["$turnIndex", 1] };
  const afterLast = { $gte: [next, { $size: "$combatants" }] };
  return {
    name: "give the turn to the next one: it must be active, and nobody else may have ended this turn before",
    allowed: {
      status: "active",
      ...(seen.round === undefined ? {} : { round: seen.round }),
      ...(seen.turnIndex === undefined ? {} : { turnIndex: seen.turnIndex }),
    },
    change: [
      {
        $set: {
          round: { $cond: [afterLast, { $add: ["$round", 1] }, "$round"] },
          turnIndex: { $cond: [afterLast, 0, next] },
        },
      },
    ],
  };
}

/** Takes hit points from a combatant, never below none. */
export function damage(combatant: number, amount: number): CombatStep {
  return hitPointsStep("damage", combatant, {
    $max: [0, { $subtract: ["$$one.hitPoints.current", amount] }],
  });
}

/** Gives hit points back, never above the combatant's own most. */
export function heal(combatant: number, amount: number): CombatStep {
  return hitPointsStep("heal", combatant, {
    $min: ["$$one.hitPoints.max", { $add: ["$$one.hitPoints.current", amount] }],
  });
}

/** Ends the fight; everything stays as it stands. */
export function finishCombat(): CombatStep {
  return {
    name: "finish: it must be active",
    allowed: { status: "active" },
    change: [{ $set: { status: "finished" } }],
  };
}

function hitPointsStep(name: string, combatant: number, current: Document): CombatStep {
  const changed = {
    $mergeObjects: ["$$one", { hitPoints: { $mergeObjects: ["$$one.hitPoints", { current }] } }],
  };
  return {
    name: `${name}: it must be active and have this combatant`,
    allowed: { status: "active", [`combatants.${combatant}`]: { $exists: true } },
    change: [
      {
        $set: {
          combatants: {
            $map: {
              input: { $range: [0, { $size: "$combatants" }] },
              as: "at",
              in: {
                $let: {
                  vars: { one: { $arrayElemAt: ["$combatants", "$$at"] } },
                  in: { $cond: [{ $eq: ["$$at", combatant] }, changed, "$$one"] },
                },
              },
            },
          },
        },
      },
    ],
  };
}
