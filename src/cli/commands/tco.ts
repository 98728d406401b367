import type { Command } from 'commander'
import type { CliIo } from '../io.ts'

/** `rightsize tco QUOTES`: compares offers that the user types in, without any sizing. */
export function registerTco(program: Command, io: CliIo): void {
  program
    .command('tco <quotes>')
    .description(
      'compare quotes you type in: own, subscribe, rent, API; cash flow, break-even, cost per token',
    )
    .addHelpText('after', '\nExample:\n  rightsize tco examples/tco-three-offers/quotes.yaml')
    .option('--format <format>', 'table, markdown, json or csv', 'table')
    .option('--json', 'the same as --format json')
    .action(async (quotes: string, options: { format: string; json?: boolean }) => {
      const [{ runTco, tcoFormats }, { OptionReader }, { readUserFile }] = await Promise.all([
        import('../run-tco.ts'),
        import('../option-values.ts'),
        import('../read-file.ts'),
      ])
      const read = new OptionReader()
      const format = read.choice({
        option: '--format',
        value: options.json ? 'json' : options.format,
        allowed: tcoFormats,
      })
      read.done()
      const { output } = runTco({ quotesText: readUserFile(quotes, io), fileName: quotes, format })
      io.stdout.write(output.endsWith('\n') ? output : `${output}\n`)
    })
}
