import type { MemoryPartName, ParallelLayout } from '../estimators/memory/index.ts'
import { formatBytesBinary, formatNumber, formatPercent, formatTokens } from '../foundation/format.ts'
import type { Note } from '../foundation/notes.ts'
import type { MemoryAnswer } from './run-memory.ts'
import { textPairs, textTable, wrapped } from './text-table.ts'

const partTitles: Readonly<Record<MemoryPartName, string>> = {
  weights: 'weights',
  adapters: 'LoRA adapters',
  draftModel: 'draft model',
  kvCache: 'KV cache of the load',
  activations: 'activations',
  runtime: 'runtime and context',
  communication: 'communication buffers',
  graphs: 'captured graphs',
  engineMargin: 'left alone by the engine',
  free: 'free for more sequences',
}

/** How many accelerators the table names; the JSON has all. */
const shownDevices = 15

export function layoutText(layout: ParallelLayout): string {
  const parts = [`TP ${layout.tensor}`]
  if (layout.pipeline > 1) parts.push(`PP ${layout.pipeline}`)
  if (layout.attentionData > 1) parts.push(`DP ${layout.attentionData}`)
  if (layout.expert > 1) parts.push(`EP ${layout.expert}`)
  return parts.join(', ')
}

export function renderMemory(answer: MemoryAnswer): string {
  const { query, anywhere, onDevice } = answer
  const { kv } = anywhere
  const sections: string[] = []
  sections.push(
    `${query.model.name} · ${query.weightFormat.id} weights · ${query.kvFormat.id} KV cache · ${query.engine}\n` +
      `${formatTokens(query.contextTokens)} tokens of context, ${formatNumber(query.concurrency)} ${query.concurrency === 1 ? 'sequence' : 'sequences'} at once\n`,
  )
  const pairs: [string, string][] = [
    ['weights', formatBytesBinary(anywhere.replicaWeights.totalBytes)],
    [
      'KV cache per token',
      `${formatNumber(kv.bytesPerToken)} B as ${query.engine} allocates, ${formatNumber(kv.minimumBytesPerToken)} B at least`,
    ],
    [
      'KV cache per sequence',
      `${formatBytesBinary(kv.bytesPerSequence)} as ${query.engine} allocates, ${formatBytesBinary(kv.minimumBytesPerSequence)} at least`,
    ],
    ['why', kv.reason],
  ]
  if (kv.loggedBytesPerToken !== kv.bytesPerToken && kv.loggedBytesPerToken > 0) {
    pairs.splice(3, 0, ['in the engine’s log', `${formatNumber(kv.loggedBytesPerToken)} B per token`])
  }
  sections.push(textPairs(pairs))
  if (onDevice !== undefined) sections.push(renderDevice(answer))
  sections.push(renderHolding(answer))
  if (answer.notes.length > 0) sections.push(renderNotes(answer.notes))
  return sections.join('\n')
}

function renderDevice(answer: MemoryAnswer): string {
  const { plan, accelerator, memory, layout } = answer.onDevice!
  const rows = plan.parts
    .filter((part) => part.bytes !== 0 || part.part === 'free')
    .map((part) => [
      partTitles[part.part],
      formatBytesBinary(part.bytes),
      formatPercent(part.bytes / memory.usableBytes),
    ])
  rows.push(['usable memory', formatBytesBinary(memory.usableBytes), '100 %'])
  const verdict =
    plan.problem ??
    (plan.fits
      ? `fits: ${formatBytesBinary(plan.freeBytes)} left per device`
      : `does not fit: ${formatBytesBinary(-plan.freeBytes)} too little per device`)
  const facts: [string, string][] = [['answer', verdict]]
  if (plan.problem === undefined) {
    facts.push([
      'most sequences at once',
      Number.isFinite(plan.mostSequences)
        ? `${formatNumber(plan.mostSequences)} of ${formatTokens(answer.query.contextTokens)} tokens`
        : 'no limit from the KV cache',
    ])
    facts.push([
      'longest context',
      plan.longestContextTokens === undefined
        ? 'unknown: the model states no limit'
        : `${formatTokens(plan.longestContextTokens)} tokens at this concurrency`,
    ])
    if (plan.kv.loggedPoolTokens !== undefined)
      facts.push([
        'KV pool in the engine’s log',
        `${formatNumber(plan.kv.loggedPoolTokens)} tokens, ${formatBytesBinary(plan.kv.poolBytes)}`,
      ])
  }
  return (
    `Per device: ${plan.devices} × ${accelerator.name}, ${layoutText(layout)}\n` +
    textTable(
      [{ title: 'part' }, { title: 'memory', align: 'right' }, { title: 'share', align: 'right' }],
      rows,
    ) +
    '\n' +
    textPairs(facts)
  )
}

function renderHolding(answer: MemoryAnswer): string {
  const { holding } = answer
  if (holding.length === 0) return 'No accelerator of the catalog holds it in one machine with this engine.\n'
  const more = holding.length - shownDevices
  return (
    'Smallest number of each accelerator that holds it\n' +
    textTable(
      [
        { title: 'accelerator' },
        { title: 'devices', align: 'right' },
        { title: 'layout' },
        { title: 'usable in all', align: 'right' },
        { title: 'left per device', align: 'right' },
      ],
      holding
        .slice(0, shownDevices)
        .map((entry) => [
          entry.accelerator.id,
          String(entry.devices),
          layoutText(entry.layout),
          formatBytesBinary(entry.totalUsableBytes),
          formatBytesBinary(entry.freeBytes),
        ]),
    ) +
    (more > 0 ? `… and ${more} more (all with --json)\n` : '')
  )
}

export function renderNotes(notes: readonly Note[]): string {
  const mark = { warning: '!', assumption: '*', information: '·' } as const
  const lines = notes.map((note) =>
    wrapped(`${mark[note.level]} ${note.message}`, { columns: 108, indent: '  ' }),
  )
  return `Notes (! warning, * assumption)\n${lines.join('\n')}\n`
}
