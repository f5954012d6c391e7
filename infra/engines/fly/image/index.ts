export { partsOf, resolveImage, type RegistryLogin, type ResolveOptions } from "./resolve-image";
