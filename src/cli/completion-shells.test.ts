import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'

// The scripts as the built CLI prints them, asked in the shells themselves.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const { run } = (await import(join(root, 'dist', 'cli', 'run.js'))) as typeof import('./run.ts')
const folder = mkdtempSync(join(tmpdir(), 'rightsize-completion-'))

const has = (shell: string) => spawnSync(shell, ['--version']).status === 0
const skipped = (shell: string) => (has(shell) ? '' : ` (SKIPPED: no ${shell}; apt-get install ${shell})`)

async function script(shell: string, file: string): Promise<void> {
  let text = ''
  const code = await run(['completion', shell], {
    stdout: { write: (part) => (text += part) },
    stderr: { write: () => true, isTTY: false },
    env: {},
    cwd: folder,
  })
  expect(code).toBe(0)
  writeFileSync(join(folder, file), text)
}

function shellOutput(shell: string, args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(shell, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, HOME: folder, TERM: 'dumb' },
    timeout: 60_000,
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return stdout
}

/** What a line is to offer, and a word of another command or kind that it must not offer. */
const cases: readonly (readonly [line: string, offered: string, notOffered: string])[] = [
  ['rightsize pl', 'plan', 'memory'],
  ['rightsize memory llama-3.1-8b-i', 'llama-3.1-8b-instruct', 'h100-sxm-80'],
  ['rightsize memory llama-3.1-8b-instruct --accelerator h100-s', 'h100-sxm-80', 'h100-pcie-80'],
  ['rightsize catalog sh', 'show', 'speed'],
  ['rightsize catalog show h100-s', 'h100-sxm-80', 'h200-sxm-141'],
  ['rightsize plan --stri', '--strict', '--accelerator'],
  ['rightsize plan --format js', 'json', 'table'],
  ['rightsize completion zs', 'zsh', 'fish'],
]

describe.skipIf(!has('fish'))(`completion in fish${skipped('fish')}`, () => {
  beforeAll(() => script('fish', 'rightsize.fish'))
  it.each(cases)(
    '%s',
    (line, offered, notOffered) => {
      const source = join(folder, 'rightsize.fish')
      const words = shellOutput('fish', ['--no-config', '-c', `source ${source}; complete -C '${line}'`])
        .split('\n')
        .map((entry) => entry.split('\t')[0])
      expect(words).toContain(offered)
      expect(words).not.toContain(notOffered)
    },
    60_000,
  )
})

/** Presses Tab once in an interactive zsh and prints the line it leaves, between marks. */
const harness = `
zmodload zsh/zpty
zpty terminal zsh -f -i
zpty -w terminal "unsetopt zle_bracketed_paste; PS1= PS2= RPS1=; stty -echo"
zpty -w terminal "$1; show() { print -r -- \\"<line>\\$BUFFER</line>\\" }; zle -N show; bindkey '^X' show; bindkey '^I' complete-word; print REA''DY"
zpty -r -m terminal answer '*READY*'
zpty -w -n terminal "$2"$'\\t'$'\\x18'
zpty -r -m terminal answer '*</line>*'
print -r -- "$answer"
zpty -d terminal
`

describe.skipIf(!has('zsh'))(`completion in zsh${skipped('zsh')}`, () => {
  const functions = join(folder, 'functions')
  beforeAll(async () => {
    mkdirSync(functions)
    await script('zsh', join('functions', '_rightsize'))
    writeFileSync(join(folder, 'harness.zsh'), harness)
  })
  const ways: readonly (readonly [way: string, setup: string])[] = [
    ['from a folder of $fpath', `fpath=(${functions} $fpath); autoload -Uz compinit; compinit -u -D`],
    ['sourced', `autoload -Uz compinit; compinit -u -D; source ${join(functions, '_rightsize')}`],
  ]
  describe.each(ways)('%s', (_way, setup) => {
    // Each line leaves one word to offer, so that Tab completes it.
    it.each(cases)(
      '%s',
      (line, offered) => {
        const answer = shellOutput('zsh', ['-f', join(folder, 'harness.zsh'), setup, line])
        const start = line.slice(0, line.lastIndexOf(' ') + 1)
        expect(/<line>(.*?)<\/line>/s.exec(answer)?.[1]?.trimEnd()).toBe(start + offered)
      },
      60_000,
    )
  })
})
