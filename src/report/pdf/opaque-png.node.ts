import { deflateSync, inflateSync } from 'node:zlib'

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const rgba = 6

/**
 * The same picture on white paper without an alpha channel. PDF takes such data as it stands, while a PNG with alpha is
 * decoded and packed again by slow code. A PNG of another kind than 8-bit RGBA comes back as it is.
 */
export function opaquePng(png: Uint8Array): Uint8Array {
  if (signature.some((byte, index) => png[index] !== byte)) return png
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  const width = view.getUint32(16)
  const height = view.getUint32(20)
  const [depth, colourType, , , interlace] = png.subarray(24, 29)
  if (depth !== 8 || colourType !== rgba || interlace !== 0) return png
  const parts: Uint8Array[] = []
  for (let at = 8; at + 8 <= png.length; ) {
    const length = view.getUint32(at)
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8))
    if (type === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length))
    at += length + 12
  }
  const pixels = unfiltered(inflateSync(Buffer.concat(parts)), width * 4, height)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from(signature),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(onWhite(pixels, width, height))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Takes back the filters of a PNG with four bytes per pixel. */
function unfiltered(data: Uint8Array, stride: number, height: number): Uint8Array {
  const out = new Uint8Array(stride * height)
  const none = new Uint8Array(stride)
  for (let y = 0; y < height; y += 1) {
    const filter = data[y * (stride + 1)]
    const raw = data.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1))
    const row = out.subarray(y * stride, (y + 1) * stride)
    const above = y === 0 ? none : out.subarray((y - 1) * stride, y * stride)
    row.set(raw)
    // A loop for each filter: these run over millions of bytes.
    if (filter === 1) for (let x = 4; x < stride; x += 1) row[x]! += row[x - 4]!
    else if (filter === 2) for (let x = 0; x < stride; x += 1) row[x]! += above[x]!
    else if (filter === 3)
      for (let x = 0; x < stride; x += 1) row[x]! += ((x < 4 ? 0 : row[x - 4]!) + above[x]!) >> 1
    else if (filter === 4)
      for (let x = 0; x < stride; x += 1)
        row[x]! += x < 4 ? above[x]! : paeth(row[x - 4]!, above[x]!, above[x - 4]!)
  }
  return out
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}

function onWhite(pixels: Uint8Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array((width * 3 + 1) * height)
  let to = 0
  for (let y = 0, from = 0; y < height; y += 1) {
    to += 1
    for (let x = 0; x < width; x += 1, from += 4, to += 3) {
      const alpha = pixels[from + 3]!
      if (alpha === 255) {
        out[to] = pixels[from]!
        out[to + 1] = pixels[from + 1]!
        out[to + 2] = pixels[from + 2]!
      } else
        for (let colour = 0; colour < 3; colour += 1)
          out[to + colour] = Math.round((pixels[from + colour]! * alpha + 255 * (255 - alpha)) / 255)
    }
  }
  return out
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}

const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
  return value
})

function crc32(data: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of data) crc = crcTable[(crc ^ byte) & 0xff]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}
