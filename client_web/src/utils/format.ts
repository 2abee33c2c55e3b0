/** Times and numbers as people here say them. Pure: the language and, where it matters, the moment of speaking are arguments. */

/** BCP 47; `en…` is English, everything else Chinese. */
export type Language = string
/** A moment: RFC 3339, Unix milliseconds, or a Date. */
export type Moment = string | number | Date

export function dateOf(at: Moment): Date {
  return at instanceof Date ? at : new Date(at)
}

function isChinese(language: Language): boolean {
  return !language.startsWith('en')
}

const MINUTE = 60
const HOUR = 3600
const DAY = 86_400

function sameDay(one: Date, other: Date): boolean {
  return one.getFullYear() === other.getFullYear() && one.getMonth() === other.getMonth() && one.getDate() === other.getDate()
}

function shifted(date: Date, days: number): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days)
}

/** `11月23日 周一` / `Mon 23 Nov`; with the year when it is not this one. */
export function dateText(moment: Moment, language: Language, now = new Date()): string {
  const at = dateOf(moment)
  const year = at.getFullYear() === now.getFullYear() ? undefined : ('numeric' as const)
  const weekday = new Intl.DateTimeFormat(language, { weekday: 'short' }).format(at)
  if (isChinese(language)) {
    return `${year ? `${at.getFullYear()}年` : ''}${at.getMonth() + 1}月${at.getDate()}日 ${weekday}`
  }
  return `${weekday} ${new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year }).format(at)}`
}

/** Today and its neighbours by name, other days by date. */
export function dayText(moment: Moment, language: Language, now = new Date()): string {
  const at = dateOf(moment)
  const names: [number, string, string][] = [
    [0, '今天', 'Today'],
    [1, '明天', 'Tomorrow'],
    [-1, '昨天', 'Yesterday'],
  ]
  for (const [days, chinese, english] of names) {
    if (sameDay(at, shifted(now, days))) return isChinese(language) ? chinese : english
  }
  return dateText(at, language, now)
}

/** `08:05`, 24 hours. */
export function timeText(moment: Moment): string {
  const at = dateOf(moment)
  return `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`
}

/** Day and time, `今天 08:00`. */
export function momentText(at: Moment, language: Language, now = new Date()): string {
  return `${dayText(at, language, now)} ${timeText(at)}`
}

/** Everything, for the hover. */
export function exactText(at: Moment, language: Language): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    dateStyle: 'full',
    timeStyle: 'medium',
    hourCycle: 'h23',
  }).format(dateOf(at))
}

/** Seconds as `41 分 12 秒` / `41 min 12 s`; whole seconds, rounded down. */
export function durationText(seconds: number, language: Language): string {
  const whole = Math.max(0, Math.floor(seconds))
  const [h, m, s] = [Math.floor(whole / HOUR), Math.floor((whole % HOUR) / MINUTE), whole % MINUTE]
  const units = isChinese(language) ? ['小时', '分', '秒'] : ['h', 'min', 's']
  const parts: string[] = []
  if (h) parts.push(`${h} ${units[0]}`)
  if (m) parts.push(`${m} ${units[1]}`)
  if (!h && (s || !m)) parts.push(`${s} ${units[2]}`)
  return parts.join(' ')
}

/** Seconds as a running clock, `41:12` or `1:02:03`. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const two = (value: number): string => String(value).padStart(2, '0')
  const [h, m, s] = [Math.floor(whole / HOUR), Math.floor((whole % HOUR) / MINUTE), whole % MINUTE]
  return h ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`
}

/** A share 0..1 as `79.9%`: cut, not rounded, so that 79.96 % never reads as the 80 % it did not reach. */
export function percentText(share: number): string {
  const tenths = Math.floor(share * 1000 + 1e-6) / 10
  return `${Number.isInteger(tenths) ? tenths : tenths.toFixed(1)}%`
}

export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let value = Math.max(0, bytes)
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** `2 分钟前`, `in 5 minutes`. */
export function agoText(at: Moment, language: Language, now = new Date()): string {
  const seconds = (dateOf(at).getTime() - now.getTime()) / 1000
  const size = Math.abs(seconds)
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  if (size < 45) return format.format(0, 'second')
  if (size < HOUR) return format.format(Math.round(seconds / MINUTE), 'minute')
  if (size < DAY) return format.format(Math.round(seconds / HOUR), 'hour')
  return format.format(Math.round(seconds / DAY), 'day')
}

/** A number with at most one decimal. */
export function numberText(value: number, language: Language): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value)
}

/** For `<input type="datetime-local">`: local time without seconds. */
export function toInputMoment(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${timeText(at)}`
}

/** Midnight of the day (local), shifted by days. */
export function dayStart(at: Date, days = 0): Date {
  return shifted(at, days)
}
