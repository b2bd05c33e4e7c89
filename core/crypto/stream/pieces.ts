/**
 * A queue of bytes that come in pieces of any size and leave in exact amounts, without copying: what is taken are views
 * of what was given.
 */
export class Pieces {
  #list: Uint8Array[] = []
  size = 0

  push(piece: Uint8Array): void {
    if (piece.length === 0) return
    this.#list.push(piece)
    this.size += piece.length
  }

  /** The next `amount` bytes, which must not be more than `size`. */
  take(amount: number): Uint8Array[] {
    if (amount > this.size) throw new RangeError('Fewer bytes are waiting')
    const taken: Uint8Array[] = []
    let missing = amount
    let whole = 0
    while (missing > 0) {
      const piece = this.#list[whole] as Uint8Array
      if (piece.length > missing) {
        taken.push(piece.subarray(0, missing))
        this.#list[whole] = piece.subarray(missing)
        break
      }
      taken.push(piece)
      missing -= piece.length
      whole += 1
    }
    this.#list.splice(0, whole)
    this.size -= amount
    return taken
  }

  /** Copies what waits, when those who gave it are about to use its memory again. */
  own(): void {
    if (this.size > 0) this.#list = [Buffer.concat(this.#list)]
  }
}
