export { Program, type ProgramStart } from "./program";
