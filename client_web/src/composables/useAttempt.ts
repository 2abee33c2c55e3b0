import { ref, type Ref } from 'vue'
import { detailOf } from '@/api/client'

/** What a form does when it is sent: one attempt at a time, and why the last one was refused. */
export function useAttempt(): { busy: Ref<boolean>; problem: Ref<string>; attempt: (act: () => Promise<void>) => Promise<void> } {
  const busy = ref(false)
  const problem = ref('')

  async function attempt(act: () => Promise<void>): Promise<void> {
    if (busy.value) return
    busy.value = true
    problem.value = ''
    try {
      await act()
    } catch (refusal) {
      problem.value = detailOf(refusal)
    } finally {
      busy.value = false
    }
  }

  return { busy, problem, attempt }
}
