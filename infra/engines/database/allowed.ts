const foreignFolders = ["state", "machines", "images", "backups", "passphrase"];
const foreignDatabases = ["admin", "local", "config"];
// MongoDB allows 63 bytes, of which `_ops` takes four.
const longestName = 59;

/** Why a folder of the local stack cannot be a server's; undefined when it can. */
export function whyNotFolder(folder: string): string | undefined {
  if (!/^[a-z0-9][a-z0-9._-]*$/i.test(folder))
    return `"${folder}" is no plain name: letters, digits, ".", "_" and "-" are allowed`;
  return foreignFolders.includes(folder.toLowerCase())
    ? `"${folder}" holds something else already`
    : undefined;
}

/** Why a database cannot have this name; undefined when it can. */
export function whyNotDatabase(name: string): string | undefined {
  if (!/^[a-z0-9_-]+$/i.test(name))
    return `"${name}" is no name of a database: letters, digits, "_" and "-" are allowed`;
  if (name.length > longestName) return `"${name}" is longer than ${longestName} characters`;
  return foreignDatabases.includes(name.toLowerCase())
    ? `"${name}" is a database of MongoDB's own`
    : undefined;
}

/** Why a server cannot have this port; undefined when it can, as far as numbers tell. */
export function whyNotPort(port: number): string | undefined {
  if (Number.isInteger(port) && port >= 1024 && port <= 65535) return undefined;
  return `${port} is no port for a server: 1024 to 65535 are allowed`;
}
