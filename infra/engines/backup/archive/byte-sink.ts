/** A stage on the way of bytes into a store; what takes them next is handed in when it is made. */
export interface ByteSink {
  /** Resolves when more may come; keeps the bytes themselves: the caller must not write into them again. */
  write(bytes: Uint8Array): Promise<void>;
  /** Nothing more comes: whatever is held back goes on, and the next stage ends too. */
  end(): Promise<void>;
}
