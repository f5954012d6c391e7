"use strict";
// Pulumi starts a pack as plain JavaScript, whatever engine it is: this brings the loader.
require("../infra/support/typescript.cjs");
require("./pack.ts");
