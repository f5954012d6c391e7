/** `npm test` runs the promises (*.test.ts); `npm run test:long` the whole matrices (*.long.ts). */
const long = process.env.DND_TESTS === "long";

module.exports = {
  rootDir: __dirname,
  roots: ["<rootDir>/tests"],
  testMatch: [long ? "**/*.long.ts" : "**/*.test.ts"],
  testEnvironment: "node",
  transform: {
    "^.+\\.[cm]?ts$": [
      "@swc/jest",
      {
        jsc: { target: "es2023", parser: { syntax: "typescript" } },
        // A package written as an ES module cannot be required here.
        module: { type: "commonjs", ignoreDynamic: true },
      },
    ],
  },
  globalSetup: "<rootDir>/tests/harness/global-setup.ts",
  globalTeardown: "<rootDir>/tests/harness/global-teardown.ts",
  testTimeout: 60_000,
  maxWorkers: 2,
};
