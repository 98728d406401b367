/**
 * The only place where a conversion factor stands. Inside rightsize every quantity is in base units:
 * byte, second, FLOP, FLOP/s, byte/s, watt, joule, gram CO2e, litre, USD.
 */

// Decimal and binary prefixes. "80 GB" on a GPU's box is usually GiB; the catalog says which.
export const kilo = 1e3
export const mega = 1e6
export const giga = 1e9
export const tera = 1e12
export const kibibyte = 2 ** 10
export const mebibyte = 2 ** 20
export const gibibyte = 2 ** 30
export const bitsPerByte = 8

// Time. A year is the Julian year (365.25 d) and a month its twelfth, so that 12 months are a year.
export const millisecond = 1e-3
export const microsecond = 1e-6
export const secondsPerMinute = 60
export const secondsPerHour = 3_600
export const secondsPerDay = 86_400
export const daysPerYear = 365.25
export const monthsPerYear = 12
export const daysPerWeek = 7
export const hoursPerDay = 24
export const secondsPerYear = daysPerYear * secondsPerDay
export const secondsPerMonth = secondsPerYear / monthsPerYear
export const hoursPerYear = secondsPerYear / secondsPerHour
export const hoursPerMonth = hoursPerYear / monthsPerYear

// Energy and power.
export const joulesPerWattHour = 3_600
export const joulesPerKilowattHour = 3_600_000
/** British thermal units per hour that one watt of heat equals (1 BTU_IT = 1055.05585262 J). */
export const btuPerHourPerWatt = 3_600 / 1055.05585262

// Mass and volume.
export const gramsPerKilogram = 1e3
export const gramsPerTonne = 1e6
export const millilitresPerLitre = 1e3
export const litresPerCubicMetre = 1e3

/** Prices of tokens are quoted per million tokens. */
export const tokensPerMillion = 1e6

export const percent = 0.01
