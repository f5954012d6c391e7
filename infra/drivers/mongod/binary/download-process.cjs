"use strict";
// Downloads a build in a process of its own, which can be ended: the library's download hears no signal,
// goes on after its caller has given up, and writes to the standard output. The last line is the path.
const { MongoBinary } = require("mongodb-memory-server-core");

const [downloadDir, version] = process.argv.slice(2);
MongoBinary.getPath({ downloadDir, version }).then(
  (path) => process.stdout.write(`\n${path}\n`),
  (error) => {
    process.stderr.write(`error: ${String(error && error.message).replace(/\s+/g, " ")}\n`);
    process.exitCode = 1;
  },
);
