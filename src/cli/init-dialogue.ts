import { cancel, group, intro, isCancel, multiselect, note, outro, select, text } from '@clack/prompts'
import type { Catalog } from '../catalogs/catalog.ts'
import { RightsizeError } from '../foundation/errors.ts'
import { parsePrice, parseQuantity } from '../foundation/quantity.ts'
import type { Availability, PlaceKind } from '../planner/scenario/schema.ts'
import {
  countsUsers,
  defaultAnswers,
  type ScenarioAnswers,
  type ScenarioPriority,
} from './scenario-template.ts'

/** Questions need a person at both ends. Only this file and the entry point know the process. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true
}

const optionalText = (value: string | undefined) =>
  value === undefined || value.trim() === '' ? undefined : value.trim()

/**
 * The five steps: need, demand, models, places, money and footprint.
 * @throws RightsizeError `cancelled` where the person leaves.
 */
export async function askAnswers(input: {
  catalog: Catalog
  given: { useCase?: string; name?: string; users?: number; country?: string }
}): Promise<ScenarioAnswers> {
  const { catalog, given } = input
  intro('rightsize: five steps to a scenario')
  const useCases = catalog.rows('useCases')
  const chosen =
    given.useCase ??
    answered(
      await select({
        message: '1/5 The need: what is it for?',
        options: useCases.map((row) => ({ value: row.id, label: row.name, hint: row.description })),
        maxItems: 10,
      }),
    )
  const profile = useCases.find((row) => row.id === chosen)!
  const defaults = defaultAnswers(catalog, profile, given)
  const answers = await group(
    {
      name: () =>
        text({ message: '1/5 A title for the case', initialValue: defaults.name, validate: required }),
      amount: () =>
        countsUsers(catalog, chosen)
          ? text({
              message: '2/5 The demand: how many people have access?',
              initialValue: String(defaults.users ?? 100),
              validate: (value) => quantityProblem(value, 'count'),
            })
          : text({
              message: '2/5 The demand: how many requests arrive at the peak?',
              initialValue: '1 /s',
              validate: (value) => quantityProblem(value, 'perSecond'),
            }),
      class: () =>
        select({
          message: '3/5 The models: of which size?',
          initialValue: defaults.class,
          options: [
            { value: 'any' as const, label: 'any size' },
            { value: 'slm' as const, label: 'small (SLM)', hint: 'below about 15 billion parameters' },
            { value: 'llm' as const, label: 'large (LLM)' },
          ],
        }),
      licenceClasses: () =>
        multiselect({
          message: '3/5 Under which licences?',
          initialValues: [...defaults.licenceClasses],
          options: [
            { value: 'permissive', label: 'permissive', hint: 'Apache, MIT' },
            { value: 'community', label: 'community', hint: 'Llama, Gemma: with conditions' },
            { value: 'non-commercial', label: 'non-commercial' },
            { value: 'proprietary', label: 'proprietary' },
          ],
        }),
      languages: () =>
        text({
          message: '3/5 Which languages must its maker name? (empty: any)',
          placeholder: 'en, de',
          validate: (value) =>
            listed(value).every((code) => /^[a-z]{2,3}$/.test(code)) ? undefined : 'Codes such as en, de',
        }),
      places: () =>
        multiselect<PlaceKind>({
          message: '4/5 The places: where may it run?',
          initialValues: [...defaults.places],
          options: [
            { value: 'on-prem', label: 'on your own premises' },
            { value: 'colocation', label: 'your machines in a rented room' },
            { value: 'subscription', label: 'machines paid by use', hint: 'needs a quote that you have' },
            { value: 'cloud', label: 'rented instances in the cloud' },
            { value: 'api', label: 'an API, by the token' },
            { value: 'device', label: 'on the devices of the users' },
          ],
        }),
      country: () =>
        text({
          message: '4/5 In which country is your own site? (empty: unknown)',
          initialValue: defaults.country ?? '',
          placeholder: 'de',
          validate: (value) =>
            optionalText(value) === undefined || /^[a-z]{2}$/i.test(value?.trim() ?? '')
              ? undefined
              : 'A code of two letters, such as de',
        }),
      availability: () =>
        select<Availability>({
          message: '4/5 What may fail without the users noticing?',
          initialValue: defaults.availability,
          options: [
            { value: 'none', label: 'nothing', hint: 'no spare machine' },
            { value: 'n+1', label: 'one machine' },
            { value: 'n+2', label: 'two machines' },
            { value: 'two-sites', label: 'a whole site' },
          ],
        }),
      horizon: () =>
        text({
          message: '5/5 The money: how far are costs counted?',
          initialValue: defaults.horizon,
          validate: (value) => quantityProblem(value, 'seconds'),
        }),
      capex: () =>
        text({
          message: '5/5 The most to be paid for purchases over the whole horizon? (empty: no limit)',
          placeholder: '400000 USD',
          validate: (value) => {
            const price = optionalText(value)
            if (price === undefined) return undefined
            const parsed = parsePrice(price, '')
            return parsed.ok ? undefined : `${parsed.message}; ${parsed.hint}`
          },
        }),
      priority: () =>
        select<ScenarioPriority>({
          message: '5/5 What counts most?',
          initialValue: 'balanced',
          options: [
            {
              value: 'balanced',
              label: 'a balance',
              hint: 'cost twice as much as carbon, speed and quality',
            },
            { value: 'cost', label: 'cost' },
            { value: 'carbon', label: 'carbon' },
            { value: 'speed', label: 'speed' },
            { value: 'quality', label: 'quality of the answers' },
          ],
        }),
    },
    { onCancel: () => leave() },
  )
  const country = optionalText(answers.country)?.toLowerCase()
  const capex = optionalText(answers.capex)
  return {
    useCase: chosen,
    name: answers.name.trim(),
    ...(countsUsers(catalog, chosen)
      ? { users: wholeUsers(answers.amount) }
      : { requestRate: answers.amount.trim() }),
    class: answers.class,
    licenceClasses: answers.licenceClasses,
    languages: listed(answers.languages),
    places: answers.places,
    ...(country === undefined ? {} : { country }),
    availability: answers.availability,
    horizon: answers.horizon.trim(),
    ...(capex === undefined ? {} : { capex }),
    priority: answers.priority,
  }
}

export function farewell(file: string): void {
  note(`rightsize plan ${file}`, 'Next')
  outro(`wrote ${file}`)
}

function answered<Value>(value: Value): Exclude<Value, symbol> {
  if (isCancel(value)) return leave()
  return value as Exclude<Value, symbol>
}

function leave(): never {
  cancel('Nothing was written.')
  throw new RightsizeError({ code: 'cancelled', message: 'the dialogue was left; nothing was written' })
}

const required = (value: string | undefined) =>
  optionalText(value) === undefined ? 'A title is needed' : undefined

function quantityProblem(
  value: string | undefined,
  dimension: Parameters<typeof parseQuantity>[1],
): string | undefined {
  const parsed = parseQuantity(value ?? '', dimension)
  if (!parsed.ok) return `${parsed.message}; ${parsed.hint}`
  return parsed.value > 0 ? undefined : 'It must be above 0'
}

function wholeUsers(value: string): number {
  const parsed = parseQuantity(value, 'count')
  return parsed.ok ? parsed.value : 100
}

function listed(value: string | undefined): string[] {
  return (value ?? '')
    .split(/[\s,;]+/)
    .map((code) => code.trim().toLowerCase())
    .filter((code) => code !== '')
}
