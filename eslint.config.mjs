import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** The one direction of imports: what each room may not reach. The rooms are told in docs/architecture.md. */
const everywhere = [
  "stacks",
  "components",
  "infra/resources",
  "infra/engines",
  "infra/drivers",
  "infra/support",
  "migrations",
  "ops",
  "embedded",
  "app",
  "tests",
];
const may = {
  stacks: ["components", "infra/support"],
  components: ["infra/resources", "infra/engines/release", "infra/support"],
  "infra/resources": ["infra/engines", "infra/drivers", "infra/support"],
  "infra/engines": ["infra/drivers", "infra/support"],
  "infra/drivers": ["infra/support"],
  "infra/support": [],
  migrations: ["infra/engines/migration"],
  ops: ["stacks", "infra/engines", "infra/drivers", "infra/support", "embedded"],
  embedded: ["infra/drivers/processes", "infra/drivers/files", "infra/support"],
  app: ["infra/engines/health", "infra/engines/maintenance", "infra/engines/monitoring", "infra/support"],
};

function forbidden(room) {
  const allowed = [room, ...may[room]];
  return everywhere
    .filter((other) => !allowed.some((name) => other === name || name.startsWith(other + "/")))
    .map((other) => ({
      group: [`**/${other.split("/").pop()}/**`, `**/${other.split("/").pop()}`],
      message: `${room} may not import ${other}`,
    }));
}

const rooms = Object.keys(may).map((room) => ({
  files: [`${room}/**/*.ts`],
  rules: { "no-restricted-imports": ["error", { patterns: forbidden(room) }] },
}));

export default tseslint.config(
  { ignores: ["node_modules/", ".dnd/", "coverage/", "**/*.d.ts"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-require-imports": "off",
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-invalid-void-type": "off",
      "@typescript-eslint/no-extraneous-class": "off",
      "no-console": "off",
    },
  },
  ...rooms,
  {
    files: ["**/*.cjs", "**/*.mjs", "**/*.js"],
    languageOptions: {
      globals: {
        module: "readonly",
        require: "readonly",
        exports: "writable",
        process: "readonly",
        __dirname: "readonly",
        __filename: "readonly",
        setImmediate: "readonly",
        performance: "readonly",
        console: "readonly",
        setTimeout: "readonly",
        clearTimeout: "readonly",
        Buffer: "readonly",
        URL: "readonly",
        fetch: "readonly",
        AbortSignal: "readonly",
      },
    },
  },
  {
    // What runs in a browser.
    files: ["infra/engines/monitoring/pages/assets/*.js"],
    languageOptions: {
      globals: Object.fromEntries(
        (
          "document location localStorage sessionStorage matchMedia addEventListener dispatchEvent Event EventSource " +
          "DOMParser CSS ResizeObserver requestAnimationFrame cancelAnimationFrame setInterval"
        )
          .split(" ")
          .map((name) => [name, "readonly"]),
      ),
    },
  },
);
