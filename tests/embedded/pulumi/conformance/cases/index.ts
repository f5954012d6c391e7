import type { Case } from "../case";
import { failures } from "./failures";
import { lifecycle } from "./lifecycle";
import { options } from "./options";
import { values } from "./values";

/** The whole suite. */
export const cases: Case[] = [...lifecycle, ...options, ...values, ...failures];
