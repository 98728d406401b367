import { createRequire } from 'node:module'

/** The family name under which charts and documents use the font. */
export const reportFontFamily = 'IBM Plex Sans'

export interface ReportFontFiles {
  readonly regular: string
  readonly semiBold: string
  readonly italic: string
}

/**
 * Paths of the font's TrueType files (SIL Open Font License 1.1, may be embedded). Its glyphs cover Latin, ₂, €, ×, →
 * and ≤; it has no geometric shapes (no ● ▲ ☐).
 */
export function reportFontFiles(): ReportFontFiles {
  const resolve = createRequire(import.meta.url).resolve
  const file = (style: string) =>
    resolve(`@expo-google-fonts/ibm-plex-sans/${style}/IBMPlexSans_${style}.ttf`)
  return { regular: file('400Regular'), semiBold: file('600SemiBold'), italic: file('400Regular_Italic') }
}
