/** `npm start`: the CLI with what follows `--`, or the example where nothing does. */
const example = ['plan', 'examples/customer-care-chatbot/scenario.yaml']
process.argv = [...process.argv.slice(0, 2), ...(process.argv.length > 2 ? process.argv.slice(2) : example)]
await import('./main.ts')

export {}
