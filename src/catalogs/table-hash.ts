/** Two independent 32-bit FNV-1a sums (offsets differ): it detects change, it does not guard against malice. */
export class Hash64 {
  #a = 0x811c9dc5
  #b = 0x1b873593

  add(text: string): void {
    let a = this.#a
    let b = this.#b
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index)
      a = Math.imul(a ^ code, 0x01000193)
      b = Math.imul(b ^ code, 0x85ebca6b)
    }
    this.#a = a
    this.#b = b
  }

  hex(): string {
    const part = (value: number) => (value >>> 0).toString(16).padStart(8, '0')
    return part(this.#a) + part(this.#b)
  }
}

/** A table's rows in one hash: `PackedTable.hash` of a shipped table, so that no plan reads tables only to hash them. */
export function tableHash(rows: readonly object[]): string {
  const hash = new Hash64()
  for (const row of rows) hash.add(JSON.stringify(row))
  return hash.hex()
}
