const blockBytes = 512;

/** A tar archive of files in memory, byte for byte as Go's writer makes it: its hash is what Pulumi knows an archive by. */
export function tarOf(files: readonly { name: string; content: Buffer }[]): Buffer {
  const entries = files.flatMap(({ name, content }) => [
    headerOf(name, content.length),
    content,
    padding(content.length),
  ]);
  return Buffer.concat([...entries, Buffer.alloc(2 * blockBytes)]);
}

function headerOf(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) > 100)
    throw new Error(`the name ${name} is too long for an archive of the embedded engine`);
  const header = Buffer.alloc(blockBytes);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, "0")}\0`;
  header.write(name, 0);
  header.write(octal(0o600, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(size, 12), 124);
  header.write(octal(0, 12), 136);
  header.write("        ", 148);
  header.write("0", 156);
  header.write("ustar\0", 257);
  header.write("00", 263);
  header.write(octal(0, 8), 329);
  header.write(octal(0, 8), 337);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

function padding(size: number): Buffer {
  return Buffer.alloc((blockBytes - (size % blockBytes)) % blockBytes);
}
