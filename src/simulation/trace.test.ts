import { expect, it } from 'vitest'
import { RightsizeError } from '../foundation/errors.ts'
import { readTrace } from './trace.ts'

const head = 'arrival_seconds,input_tokens,output_tokens'

it('reads a trace, columns in any order, time from the first arrival', () => {
  // First rows of the Azure LLM inference trace 2023 (github.com/Azure/AzurePublicDataset, CC-BY 4.0), shifted by 10 s.
  const text = 'output_tokens,arrival_seconds,input_tokens,user\n44,10.000,374,a\n109,14.315,396,b\n'
  expect(readTrace({ text, file: 't.csv' })).toEqual([
    { arrivalSeconds: 0, inputTokens: 374, outputTokens: 44 },
    { arrivalSeconds: 14.315 - 10, inputTokens: 396, outputTokens: 109 },
  ])
})

it.each([
  ['', ['t.csv:1: the file is empty; a header line was expected']],
  [`${head}\n`, ['t.csv: the trace has no request']],
  [
    'arrival_seconds,input\n1,2\n',
    ['t.csv:1  input_tokens: the column is missing', 't.csv:1  output_tokens: the column is missing'],
  ],
  [`${head},input_tokens\n1,2,3,4\n`, ['t.csv:1  input_tokens: the column appears twice']],
  [
    `${head}\n0,10,10\nsoon,0,1.5\n-1,,9e99\n5,10,10\n4,10,10\n`,
    [
      't.csv:3  arrival_seconds: is not a number of seconds (got "soon")',
      't.csv:3  input_tokens: is not a number of tokens from 1 to 2147483647 (got "0")',
      't.csv:3  output_tokens: is not a number of tokens from 1 to 2147483647 (got "1.5")',
      't.csv:4  arrival_seconds: is not a number of seconds (got "-1")',
      't.csv:4  input_tokens: is empty',
      't.csv:4  output_tokens: is not a number of tokens from 1 to 2147483647 (got "9e99")',
      't.csv:6  arrival_seconds: goes back in time (4 after 5)',
    ],
  ],
])('says every problem of %j with its line', (text, expected) => {
  try {
    readTrace({ text, file: 't.csv' })
    expect.unreachable()
  } catch (error) {
    if (!(error instanceof RightsizeError)) throw error
    expect(error.code).toBe('runs-invalid')
    expect(error.issues.map((issue) => `${issue.place}: ${issue.message}`)).toEqual(expected)
  }
})
