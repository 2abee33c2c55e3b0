import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useFormat } from '@/composables/useFormat'
import { useRoster } from '@/stores/roster'
import type { FactWords } from '@/utils/facts'

/** The words in which facts of the evaluation are told, in the page's language. */
export function useFactWords(): ComputedRef<FactWords> {
  const { t, locale } = useI18n()
  const format = useFormat()
  const roster = useRoster()
  return computed(() => ({
    yes: t('evaluation.yes'),
    no: t('evaluation.no'),
    unknown: t('evaluation.unknown'),
    notYet: t('evaluation.notYet'),
    allForms: t('evaluation.allForms'),
    form: (name) => t(`evaluation.forms.${name}`),
    subject: (id) => roster.subjectName(id, locale.value === 'en') || id,
    list: format.list,
  }))
}
