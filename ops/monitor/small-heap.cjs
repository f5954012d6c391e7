"use strict";
// A monitor runs for months beside what it watches: however it was started, memory that is not needed is given back early.
// Both can still be set while a process runs, as long as nothing large was loaded.
const { setFlagsFromString } = require("node:v8");
setFlagsFromString("--semi-space-growth-factor=1");
setFlagsFromString("--optimize-for-size");
