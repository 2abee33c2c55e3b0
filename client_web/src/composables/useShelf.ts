/** Keeping a recording, putting it into the trash and taking it back; each asks once or can be undone. */
import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { api, type Schemas } from '@/api/client'
import type { Act } from '@/components/library/RecordingTable.vue'
import { askReason, confirmOnce, toast, toastError } from '@/utils/feedback'

type Item = Schemas['RecordingItem']

export function useShelf(changed: () => Promise<void>) {
  const { t } = useI18n()
  /** Put into the trash just now: it can be undone on the spot. */
  const trashed = ref<Item | null>(null)

  const path = (item: Item) => ({ recording_id: item.id })
  const question = (act: 'keep' | 'release' | 'trash', item: Item) => ({ title: t(`library.${act}Title`, { topic: item.lesson.topic }), text: t(`library.${act}Text`), yes: t(`library.${act}`), no: t('common.cancel'), danger: act === 'trash' })
  const why = (act: 'keep' | 'trash', item: Item) => askReason({ ...question(act, item), placeholder: t('common.reasonPlaceholder'), missing: t('common.reasonMissing') })

  const ACTS: Record<Act, (item: Item) => Promise<boolean>> = {
    async keep(item) {
      const reason = await why('keep', item)
      if (reason === null) return false
      await api('post', '/api/recordings/{recording_id}/keep', { path: path(item), body: { reason } })
      toast(t('library.keptDone'))
      return true
    },
    async release(item) {
      if (!(await confirmOnce(question('release', item)))) return false
      await api('delete', '/api/recordings/{recording_id}/keep', { path: path(item) })
      toast(t('library.releasedDone'))
      return true
    },
    async trash(item) {
      const reason = await why('trash', item)
      if (reason === null) return false
      await api('post', '/api/recordings/{recording_id}/trash', { path: path(item), body: { reason } })
      trashed.value = item
      return true
    },
    async restore(item) {
      await api('delete', '/api/recordings/{recording_id}/trash', { path: path(item) })
      trashed.value = null
      toast(t('library.restoredDone', { topic: item.lesson.topic }))
      return true
    },
  }

  async function act(what: Act, item: Item): Promise<void> {
    try {
      if (await ACTS[what](item)) await changed()
    } catch (refusal) {
      toastError(refusal)
    }
  }

  return { trashed, act }
}
