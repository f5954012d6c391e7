export { addEngineOption, addOperationOptions, readOperationOptions, type GivenOptions } from "./options";
export { lossOfDestroy, lossOfUpdate } from "./loss";
