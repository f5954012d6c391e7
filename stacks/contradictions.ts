import type { SettingsProblem } from "./settings";

const project = "dnd-tracker";

interface Given {
  /** Of the stack, without its project. */
  stack: string;
  /** What its settings say. */
  environment: unknown;
}

/** Where the name of a stack, its settings and the environment of whoever runs this speak of different things. */
export function contradictions(given: Given, env: NodeJS.ProcessEnv): SettingsProblem[] {
  return [...copiedFromAnother(given), ...meantForAnother(given, env)];
}

/** Protection, typed confirmations and archives go by the environment: staging's settings would take production's away. */
function copiedFromAnother({ stack, environment }: Given): SettingsProblem[] {
  if (stack !== "staging" && stack !== "production") return [];
  if (environment === stack || typeof environment !== "string") return [];
  return [{ key: `${project}:environment`, value: environment, allowed: `${stack}, as the stack is called` }];
}

/** A shell that is set up for one environment changes no other. */
function meantForAnother(
  { stack, environment }: Given,
  { DEPLOY_ENV }: NodeJS.ProcessEnv,
): SettingsProblem[] {
  if (!DEPLOY_ENV || typeof environment !== "string" || DEPLOY_ENV === environment) return [];
  return [
    {
      key: "DEPLOY_ENV",
      value: `is ${DEPLOY_ENV} in the environment of this command`,
      allowed: `${environment}, as the stack ${stack} is, or unset`,
    },
  ];
}
