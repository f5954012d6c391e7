import { fail, ok, warn, type Finding, type Gate } from "./gate";

const remedy = "Set it with `pulumi config set --secret --path`, or in the environment of whoever releases.";

/** Everything that the stack cannot do without is set. */
export const settingsGate: Gate = {
  name: "settings and secrets",
  look({ wishes: { needed, environment } }): Finding {
    const wrong = needed.flatMap(({ name, problem }) => (problem === null ? [] : [`${name} ${problem}`]));
    if (wrong.length === 0) return ok(`${needed.length} are set`);
    // What somebody could guess protects nobody, wherever it serves.
    const grave = environment === "production" || needed.some(({ weak }) => weak);
    return grave ? fail(wrong.join("; "), remedy) : warn(wrong.join("; "), remedy);
  },
};
