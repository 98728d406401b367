import { describe, expect, it } from 'vitest'
import { de } from './de.ts'
import { en } from './en.ts'
import { translator } from './translate.ts'

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()

describe('messages', () => {
  it('have the same keys in both languages', () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort())
  })

  it('have the same placeholders in both languages', () => {
    const wrong = (Object.keys(en) as (keyof typeof en)[]).filter(
      (key) => placeholders(en[key]).join() !== placeholders(de[key]).join(),
    )
    expect(wrong).toEqual([])
  })

  it('are translated: no text of more than two words is the same', () => {
    const same = (Object.keys(en) as (keyof typeof en)[]).filter(
      (key) => de[key] === en[key] && en[key].split(' ').length > 2,
    )
    expect(same).toEqual([])
  })

  it('no text is empty', () => {
    expect(Object.entries({ ...en }).filter(([, text]) => text.trim() === '')).toEqual([])
    expect(Object.entries({ ...de }).filter(([, text]) => text.trim() === '')).toEqual([])
  })

  it('a placeholder without a value throws, braces in a value stay', () => {
    const t = translator('en')
    expect(() => t('title')).toThrow('name')
    expect(t('title', { name: '{name} $& x' })).toBe('Procurement report: {name} $& x')
  })
})
