import { RightsizeError } from '../foundation/errors.ts'
import { didYouMean } from '../foundation/suggest.ts'

export type Cell = string | number | boolean | readonly (string | number)[] | undefined
export type FlatRecord = Readonly<Record<string, Cell>>

type Operator = '>=' | '<=' | '!=' | '=' | '>' | '<' | '~'

const conditionPattern = /^\s*([a-z][a-z0-9_]*)\s*(>=|<=|!=|==|=|>|<|~)\s*(.*?)\s*$/i

/**
 * `memory_gb>=80`, `vendor=nvidia`, `name~h100` (contains). Text compares without regard to case; a list matches
 * when one of its members does. An unknown cell matches no condition but `!=`.
 * @throws RightsizeError `arguments-invalid` listing every condition it cannot read.
 */
export function filterRecords<R extends FlatRecord>(input: {
  records: readonly R[]
  conditions: readonly string[]
  search?: string | undefined
}): R[] {
  const columns = new Set(input.records.flatMap((record) => Object.keys(record)))
  const issues: { place: string; message: string; hint?: string }[] = []
  const tests: ((record: FlatRecord) => boolean)[] = []
  for (const condition of input.conditions) {
    const match = conditionPattern.exec(condition)
    if (match === null || match[3] === '') {
      issues.push({
        place: `--where "${condition}"`,
        message: 'is not a condition',
        hint: 'write column, operator (>= <= > < = != ~) and value: memory_gb>=80',
      })
      continue
    }
    const [, column = '', operator = '', value = ''] = match
    if (!columns.has(column)) {
      const hint = didYouMean(column, columns) ?? `columns: ${[...columns].sort().join(', ')}`
      issues.push({ place: `--where "${condition}"`, message: `unknown column "${column}"`, hint })
      continue
    }
    const wanted = Number(value)
    const order = operator === '>=' || operator === '<=' || operator === '>' || operator === '<'
    const dated = /^\d{4}(-\d{2}){0,2}$/.test(value) && isTextColumn(input.records, column)
    if (order && !Number.isFinite(wanted) && !dated) {
      issues.push({
        place: `--where "${condition}"`,
        message: `"${value}" is not a number`,
        hint: 'drop the unit',
      })
      continue
    }
    tests.push((record) => holds(record[column], (operator === '==' ? '=' : operator) as Operator, value))
  }
  if (issues.length > 0) {
    throw new RightsizeError({ code: 'arguments-invalid', message: 'cannot filter by that', issues })
  }
  const words = (input.search ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  return input.records.filter(
    (record) =>
      tests.every((test) => test(record)) &&
      (words.length === 0 || words.every((word) => textOf(record).includes(word))),
  )
}

function isTextColumn(records: readonly FlatRecord[], column: string): boolean {
  return records.some((record) => typeof record[column] === 'string')
}

function textOf(record: FlatRecord): string {
  return Object.values(record)
    .filter((cell) => typeof cell === 'string' || Array.isArray(cell))
    .map((cell) => (Array.isArray(cell) ? cell.join(' ') : String(cell)))
    .join(' ')
    .toLowerCase()
}

function holds(cell: Cell, operator: Operator, value: string): boolean {
  if (cell === undefined) return operator === '!='
  if (Array.isArray(cell)) {
    return operator === '!='
      ? !cell.some((member) => holds(member as Cell, '=', value))
      : cell.some((member) => holds(member as Cell, operator, value))
  }
  const number = Number(value)
  if (typeof cell === 'number' && operator !== '~') {
    switch (operator) {
      case '>=':
        return cell >= number
      case '<=':
        return cell <= number
      case '>':
        return cell > number
      case '<':
        return cell < number
      case '=':
        return cell === number
      case '!=':
        return cell !== number
    }
  }
  const text = (typeof cell === 'boolean' ? (cell ? 'yes' : 'no') : String(cell)).toLowerCase()
  const wanted = value.toLowerCase()
  switch (operator) {
    case '=':
      return text === wanted
    case '!=':
      return text !== wanted
    case '~':
      return text.includes(wanted)
    case '>=':
      return text >= wanted
    case '<=':
      return text <= wanted
    case '>':
      return text > wanted
    case '<':
      return text < wanted
  }
}
