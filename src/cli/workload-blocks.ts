import { formatPercent, formatSeconds, formatTokens } from '../foundation/format.ts'
import type { PlanOption } from '../planner/plan-option-types.ts'
import type { Plan } from '../planner/plan-types.ts'
import { type Block, heading, left, right, table } from './document.ts'
import { figureText } from './figure-text.ts'

/** The use cases that share the deployment, with the targets that each is held to. */
export function workloadBlocks(plan: Plan): Block[] {
  const { workloads } = plan
  if (workloads === undefined) return []
  const target = (seconds: number | undefined) => (seconds === undefined ? '–' : secondsText(seconds))
  const length = (mean: number, p95: number) => `${formatTokens(mean)} (p95 ${formatTokens(p95)})`
  return [
    heading(3, 'Workloads that share it, each with its own targets'),
    table(
      [
        left('workload'),
        right('peak rate'),
        right('share'),
        right('a month'),
        right('input tokens'),
        right('output tokens'),
        right('first token'),
        right('each token'),
        right('last token'),
        right('for'),
      ],
      workloads.map((workload) => [
        workload.name,
        figureText(workload.peakRequestsPerSecond),
        formatPercent(workload.peakFraction),
        figureText(workload.requestsPerMonth).replace('/month', ''),
        length(workload.inputTokensMean, workload.inputTokensP95),
        length(workload.outputTokensMean, workload.outputTokensP95),
        target(workload.ttftSeconds),
        target(workload.tpotSeconds),
        target(workload.endToEndSeconds),
        formatPercent(workload.percentile),
      ]),
    ),
  ]
}

/** What each of them sees on one option at the peak, beside its targets. */
export function optionWorkloadBlocks(option: PlanOption, plan: Plan): Block[] {
  if (option.workloads === undefined) return []
  const brief = { interval: false, boundMark: '?' } as const
  const bounds = option.workloads.some(({ ttft }) => ttft.p95.basis === 'bound')
  return [
    heading(3, `What each workload sees at the peak${bounds ? ' (? = a bound)' : ''}`),
    table(
      [
        left('workload'),
        right('first token p50'),
        right('p95'),
        right('p99'),
        right('target'),
        right('each token p95'),
        right('target'),
        right('last token p95'),
        right('target'),
      ],
      option.workloads.map(({ name, ttft, tpot, endToEnd }) => {
        const asked = plan.workloads?.find((entry) => entry.name === name)
        const target = (seconds: number | undefined) => (seconds === undefined ? '–' : secondsText(seconds))
        return [
          name,
          figureText(ttft.p50, brief),
          figureText(ttft.p95, brief),
          figureText(ttft.p99, brief),
          target(asked?.ttftSeconds),
          figureText(tpot.p95, brief),
          target(asked?.tpotSeconds),
          // The last token has no interval of its own where several use cases share a queue.
          figureText(endToEnd.p95, { interval: false, boundMark: '' }),
          target(asked?.endToEndSeconds),
        ]
      }),
    ),
  ]
}

function secondsText(seconds: number): string {
  return formatSeconds(seconds).replace(/\.0+ /, ' ')
}
