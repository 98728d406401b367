import { describe, expect, it } from 'vitest'
import { didYouMean, nearestNames } from './suggest.ts'

const known = ['a10', 'a10g', 'h100-nvl-94', 'h100-pcie-80', 'h100-sxm-80', 'h200-sxm-141', 'l4', 'l40']

describe('nearestNames', () => {
  it('prefers names that contain what was typed to short ones that look alike', () => {
    expect(nearestNames('h100', known)).toEqual(['h100-nvl-94', 'h100-sxm-80', 'h100-pcie-80'])
  })

  it('prefers a name one slip away to all others', () => {
    expect(nearestNames('h100-sxm-8', known)[0]).toBe('h100-sxm-80')
    expect(nearestNames('l44', known)[0]).toBe('l4')
  })

  it('says nothing where nothing is near', () => {
    expect(didYouMean('quantum', known)).toBeUndefined()
  })
})
