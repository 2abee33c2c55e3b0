import { useI18n } from 'vue-i18n'
import { api, type Schemas } from '@/api/client'
import { askReason, toast, toastError } from '@/utils/feedback'

export interface Credits {
  /** Each asks for a written reason; true when the ledger has changed. */
  creditByHand: (lessonId: string, schoolId: string, schoolName: string) => Promise<boolean>
  reverse: (entry: Schemas['LedgerAnswer']) => Promise<boolean>
}

/** Credit and reversal by hand. */
export function useCredits(): Credits {
  const { t } = useI18n()

  async function act(kind: 'credit' | 'reverse', school: string, write: (reason: string) => Promise<unknown>): Promise<boolean> {
    const reason = await askReason({
      title: t(`lessons.detail.${kind}Title`, { school }),
      text: t(`lessons.detail.${kind}Text`),
      yes: t(`lessons.detail.${kind}Yes`),
      no: t('common.cancel'),
      danger: kind === 'reverse',
      placeholder: t('common.reasonPlaceholder'),
      missing: t('common.reasonMissing'),
    })
    if (reason === null) return false
    try {
      await write(reason)
      toast(t(kind === 'credit' ? 'lessons.detail.credited' : 'lessons.detail.reversed'))
      return true
    } catch (error) {
      toastError(error)
      return false
    }
  }

  return {
    creditByHand: (lessonId, schoolId, schoolName) =>
      act('credit', schoolName, (reason) =>
        api('post', '/api/lessons/{lesson_id}/credits', { path: { lesson_id: lessonId }, body: { school_id: schoolId, reason } }),
      ),
    reverse: (entry) =>
      act('reverse', entry.school_name, (reason) => api('post', '/api/ledger/{entry_id}/reverse', { path: { entry_id: entry.id }, body: { reason } })),
  }
}
