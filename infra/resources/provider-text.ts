/**
 * The `__provider` text of a resource: it loads the lifecycle from today's checkout, so no code is ever kept in a state.
 * The dynamic host evaluates it without a file name and runs in `stacks/`. Old states call this text for ever: frozen by a test.
 */
export function providerText(resource: string): string {
  return `exports.handler=()=>require(require("path").resolve("..","infra","resources","host.cjs")).load(${JSON.stringify(resource)})`;
}
