import type { SentenceCode } from '../../foundation/notes.ts'
import type {
  PlanConstraintCheck,
  PlanCostLine,
  PlanExplanation,
  PlanLever,
  PlanMaterial,
  PlanOption,
  PlanUnknown,
} from '../../planner/plan-option-types.ts'
import type { PlanInfeasible, PlanMiss } from '../../planner/plan-types.ts'
import type { LocaleFormat } from '../locale-format.ts'
import type { Say } from '../messages/say.ts'
import { amountText } from '../messages/sentence-text.ts'

/** What the plan says in its own words, in the language of the report. Every function gives the plan's English where it speaks English. */
export interface Speaker {
  readonly say: Say
  readonly f: LocaleFormat
}

export function unknownWhat({ say }: Speaker, entry: PlanUnknown): string {
  return say.word('what', entry.whatCode ?? '', entry.what)
}

export function unknownWhy({ say }: Speaker, entry: PlanUnknown): string {
  return say.sentence('reason', entry.whyCode, entry.why)
}

export function unknownText(speaker: Speaker, entry: PlanUnknown): string {
  return `${unknownWhat(speaker, entry)}: ${unknownWhy(speaker, entry)}`
}

/** What a symbol of an equation stands for: lines of the bill are called as on the bill. */
export function meaningText(
  speaker: Speaker,
  of: {
    readonly entry: PlanExplanation
    readonly input: PlanExplanation['inputs'][number]
    readonly option: PlanOption | undefined
  },
): string {
  const { say } = speaker
  const { entry, input, option } = of
  if (!say.translates) return input.meaning
  if (entry.figure.startsWith('cost.lines.')) {
    const word = say.word('meaning', `cost.lines.${input.symbol}`, input.meaning)
    return input.symbol === 'q' ? `${word} (${unitWord(speaker, input.unit)})` : word
  }
  const line =
    entry.figure === 'cost.totalUsd' ? option?.cost.lines[Number(input.symbol.slice(1)) - 1] : undefined
  return line === undefined || option === undefined
    ? say.word('meaning', `${entry.figure}.${input.symbol}`, input.meaning)
    : lineLabel(speaker, line, option)
}

export function unitWord({ say }: Speaker, unit: string): string {
  return say.word('unit-word', unit)
}

/** What an option is called in a sentence. */
export function optionText({ say }: Speaker, option: PlanOption): string {
  if (!say.translates) return option.label
  const { model, place, deployment } = option
  const where = {
    kind: place.kind,
    place: place.name ?? '',
    ...(place.countryCode === undefined ? {} : { country: place.countryCode }),
  }
  const code: SentenceCode =
    deployment === undefined
      ? { code: 'label-api', values: { model: model.name, provider: place.name ?? place.provider ?? '' } }
      : {
          code:
            place.kind === 'cloud'
              ? 'label-cloud'
              : place.quote === undefined
                ? 'label-own'
                : 'label-subscription',
          values: {
            ...where,
            model: model.name,
            format: model.weightFormat ?? '',
            servers: deployment.servers,
            server: deployment.server.name,
            parts: deployment.server.acceleratorsPerServer,
            accelerator: deployment.accelerator.name,
            term: place.priceBasis,
            ...(place.quote === undefined ? {} : { quote: place.quote }),
          },
        }
  return say.sentence('label', code, option.label)
}

/** A figure of a limit with its unit. */
function limitFigure({ say, f }: Speaker, value: string | number | undefined, unit: string): string {
  return value === undefined ? say.word('status', 'unknown') : amountText(value, unit, { f, word: say.word })
}

export function checkTexts(
  speaker: Speaker,
  check: PlanConstraintCheck,
): { readonly needed: string; readonly has: string } {
  const { say } = speaker
  const { code, values } = check
  if (!say.translates || code === undefined || values === undefined) return check
  const unit = String(values['unit'] ?? '')
  if (code === 'property')
    return {
      needed: check.needed,
      has: check.status === 'met' ? check.has : say.word('property', String(values['has']), check.has),
    }
  return {
    needed: say.sentence(
      'limit',
      {
        code,
        values: {
          needed: limitFigure(speaker, values['needed'], unit),
          ...(values['benchmark'] === undefined ? {} : { benchmark: values['benchmark'] }),
        },
      },
      check.needed,
    ),
    has: limitFigure(speaker, values['has'], unit),
  }
}

/** What stands on the bill: the line's kind, and for instances which. */
export function lineLabel(speaker: Speaker, line: PlanCostLine, option: PlanOption): string {
  const { say } = speaker
  if (!say.translates) return line.label
  const [id, month] = line.id.split('-from-month-')
  if (month !== undefined && id !== undefined) {
    const values = { line: lineLabel(speaker, { ...line, id }, option), month: Number(month) }
    return say.sentence('line-from', { code: 'later', values }, line.label)
  }
  const kind = line.id.replace(/-\d+$/, '')
  if (line.category !== 'compute') return say.word('line', kind, line.label)
  const term = say.word('basis', kind.replace(/^(compute|upfront)-/, ''))
  const name = option.deployment?.server.name
  return [say.word('line', kind.startsWith('upfront') ? 'upfront' : 'compute'), name, term]
    .filter((part) => part !== undefined)
    .join(', ')
}

export function materialName({ say }: Speaker, material: PlanMaterial): string {
  if (!say.translates) return material.name
  if (material.kind === 'instance')
    return say.sentence(
      'material-name',
      { code: 'instance', values: material.noteCode?.values ?? {} },
      material.name,
    )
  return material.kind === 'server' || material.kind === 'accelerator' || material.kind === 'tokens'
    ? material.name
    : say.word('material-name', material.id, material.name)
}

/** Absent codes mean the catalog's own sentence. */
export function materialNote({ say }: Speaker, material: PlanMaterial): string | undefined {
  if (material.note === undefined || material.note === '') return undefined
  return material.noteCode === undefined
    ? say.quote(material.note)
    : say.sentence('material-note', material.noteCode, material.note)
}

export function leverText(
  speaker: Speaker,
  lever: PlanLever,
  options: ReadonlyMap<string, PlanOption>,
): string {
  const { say } = speaker
  const rival = options.get(lever.thenOptionId ?? '')
  if (!say.translates || rival === undefined || lever.at === undefined) return lever.message
  const values = {
    at: lever.at,
    unit: lever.unit ?? '',
    option: optionText(speaker, rival),
    ...(lever.now === undefined ? {} : { now: lever.now }),
  }
  return say.sentence('lever', { code: lever.field, values }, lever.message)
}

export function nearlyText({ say }: Speaker, entry: PlanOption['nearly'][number]): string {
  return entry.moreFraction === undefined
    ? say.sentence('nearly', { code: 'next' }, entry.message)
    : say.sentence('nearly', { code: entry.role, values: { more: entry.moreFraction } }, entry.message)
}

export function missText(speaker: Speaker, miss: PlanMiss['misses'][number]): string {
  const { say } = speaker
  if (!say.translates) return miss.message
  const values = { constraint: miss.constraint }
  if (miss.has === undefined || miss.needed === undefined)
    return say.sentence('limit', { code: 'missing', values }, miss.message)
  return say.sentence(
    'limit',
    {
      code: 'miss',
      values: {
        ...values,
        has: limitFigure(speaker, miss.has, miss.unit),
        needed: limitFigure(speaker, miss.needed, miss.unit),
      },
    },
    miss.message,
  )
}

/** Units of limits, as the planner has them. */
const limitUnits: Readonly<Record<string, string>> = {
  memory: 'byte',
  ttft: 's',
  tpot: 's',
  endToEnd: 's',
  powerPerSite: 'W',
  powerPerRack: 'W',
  rackUnitsPerSite: 'U',
  capex: 'USD',
  monthly: 'USD/month',
  total: 'USD',
  carbonPerMonth: 'g CO2e/month',
  waterPerMonth: 'L/month',
}

export function relaxationText(speaker: Speaker, relaxation: PlanInfeasible['relaxations'][number]): string {
  const { say } = speaker
  if (!say.translates || relaxation.labelCode === undefined) return relaxation.message
  const option = say.sentence('label', relaxation.labelCode, relaxation.candidate)
  const change = (entry: { constraint: string; from?: string | number; to?: string | number }) => ({
    constraint: entry.constraint,
    from: limitFigure(speaker, entry.from, limitUnits[entry.constraint] ?? ''),
    to: limitFigure(speaker, entry.to, limitUnits[entry.constraint] ?? ''),
  })
  const { alsoNeeded } = relaxation
  if (alsoNeeded === undefined)
    return say.sentence(
      'limit',
      { code: 'relax', values: { ...change(relaxation), option } },
      relaxation.message,
    )
  const changes = [relaxation, ...alsoNeeded]
    .map((entry) => say.sentence('limit', { code: 'change', values: change(entry) }, entry.constraint))
    .join(say.word('limit', 'and'))
  return say.sentence('limit', { code: 'relax-together', values: { changes, option } }, relaxation.message)
}
