import { useI18n } from 'vue-i18n'
import * as format from '@/utils/format'

type Moment = format.Moment

export interface Format {
  language: () => format.Language
  /** Day and time, `今天 08:00`. */
  moment: (at: Moment) => string
  day: (at: Moment) => string
  time: (at: Moment) => string
  /** For the hover. */
  exact: (at: Moment) => string
  duration: (seconds: number) => string
  clock: (seconds: number) => string
  percent: (share: number) => string
  bytes: (bytes: number) => string
  ago: (at: Moment, now?: Date) => string
  number: (value: number) => string
  list: (items: readonly string[]) => string
  /** The text of the page's language of a Chinese and an English one. */
  said: (text: string | null | undefined, english: string | null | undefined) => string
}

/** Times and numbers in the page's language; reactive, as it reads the locale when called. */
export function useFormat(): Format {
  const { locale } = useI18n()
  const language = (): format.Language => (locale.value === 'en' ? 'en' : 'zh-CN')
  return {
    language,
    moment: (at) => format.momentText(at, language()),
    day: (at) => format.dayText(at, language()),
    time: (at) => format.timeText(at),
    exact: (at) => format.exactText(at, language()),
    duration: (seconds) => format.durationText(seconds, language()),
    clock: format.clockText,
    percent: format.percentText,
    bytes: format.bytesText,
    ago: (at, now) => format.agoText(at, language(), now),
    number: (value) => format.numberText(value, language()),
    list: (items) => items.join(language() === 'en' ? ', ' : '、'),
    said: (text, english) => (language() === 'en' ? english || text : text) ?? '',
  }
}
