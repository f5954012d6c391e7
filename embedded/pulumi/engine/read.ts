import { unknownSentinel, type Properties, type ResourceState } from "../deployment";
import { holdsUnknown, wrapSecret } from "../values";
import type { ReadGoal } from "./goal";
import type { Run } from "./run";
import { makeUrn, parentTypeOf } from "./urn";
import { declaredSecret } from "./wanted-state";

const stackReferenceType = "pulumi:pulumi:StackReference";

/** Looks at a resource that the program does not own; undefined outputs are not known yet. */
export async function readResource(run: Run, goal: ReadGoal): Promise<{ urn: string; outputs: Properties }> {
  const { stack } = run.parts;
  const urn = makeUrn({
    stack: stack.name,
    project: stack.project.name,
    parentType: parentTypeOf(goal.parent),
    type: goal.type,
    name: goal.name,
  });
  if (run.stopped) throw run.fail(new Error("the operation is stopping"), urn);
  if (run.registered.has(urn))
    throw run.fail(new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`), urn);
  run.registered.add(urn);
  const reference = await run.providers.referenceOf({ ...goal, custom: true });
  const base: ResourceState = {
    urn,
    custom: true,
    type: goal.type,
    id: goal.id,
    inputs: goal.inputs,
    outputs: {},
    external: true,
    provider: reference,
    ...(goal.parent ? { parent: goal.parent } : {}),
    ...(goal.dependencies.length > 0 ? { dependencies: goal.dependencies } : {}),
    ...(goal.additionalSecretOutputs.length > 0
      ? { additionalSecretOutputs: goal.additionalSecretOutputs }
      : {}),
  };
  const old = run.parts.book.olds.get(urn);
  const { state } = await run.step(
    old && !old.external ? "read-replacement" : "read",
    { urn, old, next: base },
    async () => {
      const seen = await run.steps.run(() => look(run, goal, base, reference));
      const outputs = declaredSecret(seen.outputs, goal.additionalSecretOutputs);
      const state = { ...base, id: seen.id, inputs: goal.inputs, outputs };
      if (old) run.parts.book.settle(old);
      run.parts.book.add(state, JSON.stringify(old?.outputs) !== JSON.stringify(outputs));
      return { state };
    },
  );
  await run.parts.book.write();
  return { urn, outputs: state?.outputs ?? {} };
}

async function look(
  run: Run,
  goal: ReadGoal,
  base: ResourceState,
  reference: string,
): Promise<{ id: string; outputs: Properties }> {
  if (goal.type === stackReferenceType) return readStackReference(run, goal);
  if (goal.id === unknownSentinel || holdsUnknown(goal.inputs))
    return { id: goal.id, outputs: { ...goal.inputs } };
  const handler = await run.providers.forReference(reference);
  const { name, type } = goal;
  const seen = await handler.read({ urn: base.urn, name, type }, goal.id, {
    inputs: goal.inputs,
    outputs: {},
  });
  if (seen.id === "") throw new Error(`resource '${goal.id}' does not exist`);
  return { id: seen.id, outputs: seen.outputs };
}

async function readStackReference(run: Run, goal: ReadGoal): Promise<{ id: string; outputs: Properties }> {
  const name = typeof goal.inputs.name === "string" ? goal.inputs.name : goal.id;
  const { outputs, secretOutputNames } = await run.parts.stack.stackOutputs(name);
  const wrapped = Object.entries(outputs).map(([key, value]) => [
    key,
    secretOutputNames.includes(key) ? asSecret(value) : value,
  ]);
  return {
    id: goal.id,
    outputs: { name, outputs: Object.fromEntries(wrapped) as Properties, secretOutputNames },
  };
}

function asSecret(value: Properties[string]): Properties[string] {
  return declaredSecret({ value }, ["value"]).value ?? wrapSecret(null);
}
