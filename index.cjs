"use strict";
// What `require("dnd-tracker-deploy")` gives: the code is TypeScript, and this brings what runs it.
require("./infra/support/typescript.cjs");
module.exports = require("./ops/deployment");
