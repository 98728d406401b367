import type { Command } from 'commander'
import type { CliIo } from '../io.ts'
import type { Exit } from '../run.ts'

export interface ReportCommandOptions {
  readonly out: string
  readonly format: string
  readonly template?: string
  readonly locale: string
  readonly force?: boolean
  readonly catalog?: string
}

/** `rightsize report SCENARIO -o DIR`: the procurement report of a scenario or of a plan file. */
export function registerReport(program: Command, io: CliIo, exit: Exit): void {
  program
    .command('report <scenario>')
    .description(
      'write the procurement report: HTML with what-if controls, PDF, workbook, Markdown, CSV, JSON',
    )
    .addHelpText(
      'after',
      `
The argument is a scenario, or a plan file that \`rightsize plan --out\` wrote with the same catalog.
Exit code 1 where nothing fits; the report then says why.

Examples:
  rightsize report examples/customer-care-chatbot/scenario.yaml -o out
  rightsize report plan.json -o out --format html,pdf --locale de
  rightsize report scenario.yaml -o out --template our-templates --force`,
    )
    .requiredOption('-o, --out <dir>', 'folder to write; it must not exist')
    .option(
      '--format <list>',
      'any of html, pdf, xlsx, md, csv, json, with commas',
      'html,pdf,xlsx,md,csv,json',
    )
    .option('--template <dir>', 'your own templates and brand.json, file by file over ours')
    .option('--locale <locale>', 'language, numbers and dates: en or de', 'en')
    .option('--force', 'replace a folder that holds a former report and nothing else')
    .option('--catalog <dir>', 'lay your own tables over the catalog')
    .action(async (scenario: string, options: ReportCommandOptions) => {
      const { runReport } = await import('../run-report.ts')
      exit(await runReport({ scenario, options, io }))
    })
}
