import { expect, it } from 'vitest'
import { progressBar } from './progress.ts'

function terminal(isTTY: boolean) {
  let text = ''
  let clock = 0
  const io = {
    stdout: { write() {} },
    stderr: { write: (part: string) => (text += part), isTTY },
    env: {},
    cwd: '',
  }
  const progress = progressBar({ title: 'counting', io, now: () => clock })
  return {
    progress,
    wait: (milliseconds: number) => (clock += milliseconds),
    get text() {
      return text
    },
  }
}

it('shows a bar on a terminal after half a second, and takes it away', () => {
  const on = terminal(true)
  on.progress.show(0.1)
  expect(on.text).toBe('')
  on.wait(600)
  on.progress.show(0.5)
  expect(on.text).toContain(`counting [${'#'.repeat(15)}${'.'.repeat(15)}] 50 %`)
  on.progress.done()
  expect(on.text.endsWith('\r')).toBe(true)
})

it('says nothing where stderr is no terminal, however long it takes', () => {
  const off = terminal(false)
  off.wait(10_000)
  off.progress.show(0.5)
  off.progress.done()
  expect(off.text).toBe('')
})
