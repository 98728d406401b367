/** Contrast ratio that WCAG 2.2 AA asks of text. */
const enough = 4.5

/** The colour, darkened as far as needed to be read on white (and white on it). @throws Error for anything but `#rrggbb`. */
export function readableOnWhite(hex: string): string {
  const channels = channelsOf(hex)
  for (let step = 0; step <= 100; step += 1) {
    const darker = channels.map((channel) => Math.round(channel * (1 - step / 100)))
    if (1.05 / (luminance(darker) + 0.05) >= enough)
      return `#${darker.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
  }
  return '#000000'
}

function channelsOf(hex: string): number[] {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex)
  if (match === null) throw new Error(`a colour must be #rrggbb (got "${hex}")`)
  return match.slice(1).map((part) => Number.parseInt(part, 16))
}

/** Relative luminance of WCAG 2.2. */
function luminance(channels: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
