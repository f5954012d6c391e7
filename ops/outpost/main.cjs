"use strict";
// What a machine runs that works where the database is: node main.cjs SOCKET
require("node:module").enableCompileCache?.();
require("../../infra/support/typescript.cjs");
require("./serve.ts").serve(process.argv[2]);
