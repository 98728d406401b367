import type { Completes, CompletionCommand, CompletionOption } from './run-completion.ts'

/** Words of ours never need more than this: ids are kebab-case with dots. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

const flagsOf = (options: readonly CompletionOption[]) => options.flatMap((option) => option.flags)

/** Lists that several options share are written once. */
class Lists {
  readonly #names = new Map<string, string>()

  name(values: readonly string[]): string {
    const text = values.join(' ')
    const known = this.#names.get(text)
    if (known !== undefined) return known
    const fresh = `_rightsize_list_${this.#names.size + 1}`
    this.#names.set(text, fresh)
    return fresh
  }

  entries(): [name: string, text: string][] {
    return [...this.#names].map(([text, name]) => [name, text])
  }
}

/** The command that the words typed so far name (`path` is taken in zsh); options and their values are skipped. */
function pathFunction(commands: readonly CompletionCommand[]): string {
  const paths = commands.map((command) => command.path).filter((path) => path !== '')
  return `  local chosen="" word
  for word in "\${before[@]}"; do
    case "\${chosen:+$chosen }$word" in
      ${paths.map(quoted).join('|')}) chosen="\${chosen:+$chosen }$word" ;;
    esac
  done`
}

function bashOffer(completes: Completes, lists: Lists): string {
  if (completes === 'file') return `COMPREPLY=($(compgen -f -- "$current"))`
  if (completes === 'folder') return `COMPREPLY=($(compgen -d -- "$current"))`
  if (completes === 'nothing' || typeof completes === 'string') return 'COMPREPLY=()'
  return `COMPREPLY=($(compgen -W "$${lists.name(completes)}" -- "$current"))`
}

export function bashScript(commands: readonly CompletionCommand[]): string {
  const lists = new Lists()
  const valued = commands.flatMap((command) =>
    command.options
      .filter((option) => option.value !== undefined)
      .map(
        (option) =>
          `    ${option.flags.map((flag) => quoted(`${command.path}:${flag}`)).join('|')}) ${bashOffer(option.value ?? 'nothing', lists)}; return ;;`,
      ),
  )
  const words = commands.map((command) => {
    const offered = [...command.commands.map((entry) => entry.name), ...flagsOf(command.options)]
    const own =
      command.commands.length > 0 || command.argument === 'nothing'
        ? `COMPREPLY=($(compgen -W ${quoted(offered.join(' '))} -- "$current"))`
        : `if [[ $current == -* ]]; then COMPREPLY=($(compgen -W ${quoted(offered.join(' '))} -- "$current")); else ${bashOffer(command.argument, lists)}; fi`
    return `    ${quoted(command.path)}) ${own} ;;`
  })
  return `# bash completion of rightsize, made by: rightsize completion bash
${lists
  .entries()
  .map(([name, text]) => `${name}=${quoted(text)}`)
  .join('\n')}
_rightsize() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local before=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
${pathFunction(commands)}
  case "$chosen:$previous" in
${valued.join('\n')}
  esac
  case "$chosen" in
${words.join('\n')}
  esac
}
complete -o filenames -o bashdefault -F _rightsize rightsize
`
}

function zshOffer(completes: Completes, lists: Lists): string {
  if (completes === 'file') return '_files'
  if (completes === 'folder') return '_files -/'
  if (completes === 'nothing' || typeof completes === 'string') return 'true'
  return `compadd -- \${=${lists.name(completes)}}`
}

export function zshScript(commands: readonly CompletionCommand[]): string {
  const lists = new Lists()
  const valued = commands.flatMap((command) =>
    command.options
      .filter((option) => option.value !== undefined)
      .map(
        (option) =>
          `    ${option.flags.map((flag) => quoted(`${command.path}:${flag}`)).join('|')}) ${zshOffer(option.value ?? 'nothing', lists)}; return ;;`,
      ),
  )
  const cases = commands.map((command) => {
    const described = [
      ...command.commands.map(({ name, description }) => `${name}:${description}`),
      ...command.options.flatMap(({ flags, description }) => flags.map((flag) => `${flag}:${description}`)),
    ]
    const offer = `offered=(${described.map(quoted).join(' ')}); _describe 'rightsize' offered`
    const argument =
      command.commands.length > 0 || command.argument === 'nothing'
        ? ''
        : ` [[ $current != -* ]] && { ${zshOffer(command.argument, lists)}; return; };`
    return `    ${quoted(command.path)})${argument} ${offer} ;;`
  })
  return `#compdef rightsize
# zsh completion of rightsize, made by: rightsize completion zsh
${lists
  .entries()
  .map(([name, text]) => `${name}=${quoted(text)}`)
  .join('\n')}
_rightsize() {
  local current="\${words[CURRENT]}" previous="\${words[CURRENT-1]}"
  local -a before offered
  before=("\${(@)words[2,CURRENT-1]}")
${pathFunction(commands)}
  case "$chosen:$previous" in
${valued.join('\n')}
  esac
  case "$chosen" in
${cases.join('\n')}
  esac
}
# From a folder of $fpath zsh runs this file as the function itself: the first Tab must already answer.
if [[ $funcstack[1] == _rightsize ]]; then _rightsize "$@"; else compdef _rightsize rightsize; fi
`
}

export function fishScript(commands: readonly CompletionCommand[]): string {
  const lines = [
    '# fish completion of rightsize, made by: rightsize completion fish',
    'complete -c rightsize -f',
  ]
  for (const command of commands) {
    const condition = conditionOf(command)
    for (const { name, description } of command.commands)
      lines.push(`complete -c rightsize -n ${quoted(condition)} -a ${quoted(name)} -d ${quoted(description)}`)
    for (const option of command.options) lines.push(fishOption(option, condition))
    if (command.argument === 'file') lines.push(`complete -c rightsize -n ${quoted(condition)} -F`)
    else if (command.argument === 'folder')
      lines.push(`complete -c rightsize -n ${quoted(condition)} -a '(__fish_complete_directories)'`)
    else if (typeof command.argument !== 'string')
      lines.push(`complete -c rightsize -n ${quoted(condition)} -a ${quoted(command.argument.join(' '))}`)
  }
  return `${lines.join('\n')}\n`
}

function conditionOf(command: CompletionCommand): string {
  if (command.path === '') return '__fish_use_subcommand'
  const words = command.path.split(' ')
  const seen = words.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ')
  const below = command.commands.map((entry) => entry.name).join(' ')
  return below === '' ? seen : `${seen}; and not __fish_seen_subcommand_from ${below}`
}

function fishOption(option: CompletionOption, condition: string): string {
  const names = option.flags.map((flag) =>
    flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
  )
  const { value } = option
  const takes =
    value === undefined
      ? ''
      : value === 'file'
        ? ' -r -F'
        : value === 'folder'
          ? " -x -a '(__fish_complete_directories)'"
          : value === 'nothing' || typeof value === 'string'
            ? ' -x'
            : ` -x -a ${quoted(value.join(' '))}`
  return `complete -c rightsize -n ${quoted(condition)} ${names.join(' ')}${takes} -d ${quoted(option.description)}`
}
