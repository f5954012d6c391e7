export { addEngineOption, addOperationOptions, readOperationOptions, type GivenOptions } from "./options";
export { performOperation } from "./perform";
export { lossOfDestroy, lossOfUpdate } from "./loss";
