export { askSecret } from "./ask-secret";
export { confirm, type Question } from "./confirm";
export { reportFailure } from "./failure";
export { Steps, type StepWork } from "./steps";
export { table } from "./table";
export { openTerminal, printResult, readerGone, type Terminal } from "./terminal";
