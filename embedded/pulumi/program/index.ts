export { nodeArgsOf } from "./node-args";
export { Program, type ProgramStart } from "./program";
