import type { ReportDocument } from './report-document.ts'

/** What stands before each title: 1, 2, 3 … for the body, A, B, C … for the annexes. */
export function sectionMarks(document: ReportDocument): string[] {
  let body = 0
  let annex = 0
  return document.sections.map((section) => {
    if (section.part === 'body') {
      body += 1
      return String(body)
    }
    annex += 1
    return String.fromCharCode(64 + annex)
  })
}
