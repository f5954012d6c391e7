"use strict";
// For an image whose process cannot write: all code is translated while the image is made, and found there afterwards.
const { readdirSync } = require("node:fs");
const { join, resolve } = require("node:path");
const { keepTranslation } = require("../../infra/support/typescript.cjs");

const root = resolve(__dirname, "..", "..");
const folders = ["infra", "components", "stacks", "embedded", "migrations", "ops"];
const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map(({ parentPath, name }) => join(parentPath, name)),
);
void Promise.all(files.map(keepTranslation)).then(() => console.log(`${files.length} files are translated`));
