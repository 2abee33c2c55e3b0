import { describe, expect, it } from 'vitest'
import { agoText, bytesText, clockText, dateText, dayText, durationText, momentText, percentText, toInputMoment } from './format'

const NOW = new Date(2026, 10, 23, 9, 30)

describe('days', () => {
  it('near ones have names', () => {
    expect(dayText(new Date(2026, 10, 23, 23, 59), 'zh-CN', NOW)).toBe('今天')
    expect(dayText(new Date(2026, 10, 24, 0, 0), 'en', NOW)).toBe('Tomorrow')
    expect(dayText(new Date(2026, 10, 22, 23, 0), 'zh-CN', NOW)).toBe('昨天')
  })

  it('others are said as people here say them', () => {
    expect(dateText(new Date(2026, 10, 30, 8), 'zh-CN', NOW)).toBe('11月30日 周一')
    expect(dateText(new Date(2026, 10, 30, 8), 'en', NOW)).toBe('Mon 30 Nov')
    expect(dateText(new Date(2025, 0, 5), 'zh-CN', NOW)).toBe('2025年1月5日 周日')
  })

  it('a moment has its time, whatever form it comes in', () => {
    const at = new Date(2026, 10, 23, 8, 5)
    expect(momentText(at.toISOString(), 'zh-CN', NOW)).toBe('今天 08:05')
    expect(momentText(at.getTime(), 'zh-CN', NOW)).toBe('今天 08:05')
  })
})

describe('lengths', () => {
  it.each([
    [2472, '41 分 12 秒', '41 min 12 s'],
    [60, '1 分', '1 min'],
    [0, '0 秒', '0 s'],
    [3720, '1 小时 2 分', '1 h 2 min'],
    [-3, '0 秒', '0 s'],
  ])('%d s', (seconds, chinese, english) => {
    expect(durationText(seconds, 'zh-CN')).toBe(chinese)
    expect(durationText(seconds, 'en')).toBe(english)
  })

  it('a clock', () => {
    expect(clockText(61.9)).toBe('01:01')
    expect(clockText(3723)).toBe('1:02:03')
  })
})

it('a share is cut, never rounded up to what it did not reach', () => {
  expect(percentText(0.7996)).toBe('79.9%')
  expect(percentText(0.8)).toBe('80%')
  expect(percentText(0.29)).toBe('29%')
  expect(percentText(1)).toBe('100%')
})

it('bytes', () => {
  expect(bytesText(999)).toBe('999 B')
  expect(bytesText(1_250_000)).toBe('1.3 MB')
  expect(bytesText(120e9)).toBe('120 GB')
})

it('how long ago', () => {
  expect(agoText(new Date(NOW.getTime() - 120_000), 'zh-CN', NOW)).toBe('2分钟前')
  expect(agoText(new Date(NOW.getTime() + 3 * 3600_000), 'en', NOW)).toBe('in 3 hours')
})

it('the value of a datetime-local input is local time', () => {
  expect(toInputMoment(NOW)).toBe('2026-11-23T09:30')
})
