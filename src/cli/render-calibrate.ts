import { formatNumber, formatPercent } from '../foundation/format.ts'
import type { CalibrationAnswer } from './run-calibrate.ts'
import { textTable, wrapped } from './text-table.ts'

const asError = (log: number) => formatPercent(Math.expm1(log), 1)

export function renderCalibration(answer: CalibrationAnswer): string {
  const { runs, errors, deployments, skipped, folder } = answer
  const right = (title: string) => ({ title, align: 'right' as const })
  const parts = [
    `${formatNumber(runs)} runs of ${deployments.length} ${deployments.length === 1 ? 'deployment' : 'deployments'}: ${deployments.join(', ')}\n`,
    textTable(
      [
        { title: 'metric' },
        { title: 'engine' },
        right('figures'),
        right('median error before'),
        right('after'),
        right('left out'),
        right('80 % interval'),
      ],
      errors.map((error) => [
        error.metric,
        error.engine,
        formatNumber(error.figures),
        asError(error.before),
        asError(error.after),
        asError(error.heldOut),
        `÷ × ${formatNumber(Math.exp(error.logHalfWidth), 2)}`,
      ]),
    ),
    `${wrapped('“left out” is the error of runs that the fit did not see, each left out in turn: expect that of other runs of these deployments. “after” is in-sample.', { columns: 110, indent: '' })}\n`,
  ]
  if (skipped.length > 0) {
    parts.push(
      `Skipped\n${textTable(
        [{ title: 'run' }, { title: 'reason' }],
        skipped.map(({ place, reason }) => [place, reason]),
      )}`,
    )
  }
  parts.push(`wrote ${folder}; use it with --catalog ${folder}\n`)
  return parts.join('\n')
}
