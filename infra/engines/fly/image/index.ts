export { partsOf, resolveImage, type RegistryLogin, type ResolveOptions } from "./resolve-image";
export { resolveWantedImage, wantedReference, type WantedImage } from "./wanted-image";
