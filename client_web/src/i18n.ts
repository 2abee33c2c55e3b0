/**
 * Chinese first, English complete. The language is the one chosen before, else the browser's; each language's texts are one
 * lazy chunk, so a page loads one language.
 */
import { createI18n } from 'vue-i18n'
import { recall, remember } from '@/utils/memory'

export type Language = 'zh-CN' | 'en'
export const LANGUAGES: readonly Language[] = ['zh-CN', 'en']

const KEY = 'tongke.language'

/** `locales/<subject>.<language>.ts`, each the texts below the key `<subject>`. */
const loaders: Record<Language, () => Promise<{ default: Record<string, unknown> }>> = {
  'zh-CN': () => import('./locales/zh'),
  en: () => import('./locales/en'),
}

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN' as string,
  fallbackLocale: 'zh-CN',
  messages: {} as Record<string, Record<string, never>>,
})

/** What a browser's list of languages asks for: the first that we have; Chinese when it has none of ours. */
export function languageFor(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) return 'zh-CN'
    if (/^en\b/i.test(tag)) return 'en'
  }
  return 'zh-CN'
}

export function firstLanguage(): Language {
  const chosen = recall(KEY)
  return chosen === 'zh-CN' || chosen === 'en' ? chosen : languageFor(navigator.languages)
}

export function currentLanguage(): Language {
  return i18n.global.locale.value === 'en' ? 'en' : 'zh-CN'
}

export async function useLanguage(language: Language): Promise<void> {
  if (!i18n.global.availableLocales.includes(language)) {
    const texts = await loaders[language]()
    i18n.global.setLocaleMessage(language, texts.default as Record<string, never>)
  }
  i18n.global.locale.value = language
  document.documentElement.lang = language
}

export async function chooseLanguage(language: Language): Promise<void> {
  remember(KEY, language)
  await useLanguage(language)
}
