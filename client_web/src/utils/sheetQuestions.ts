/** Questions about an observation's sheet that more than one page asks. */
import { askReason } from './feedback'

/** Why a signed sheet is taken back; null when it is not. */
export function askWithdrawal(t: (key: string) => string): Promise<string | null> {
  return askReason({
    title: t('observation.withdrawTitle'),
    text: t('observation.withdrawText'),
    yes: t('observation.withdraw'),
    no: t('common.cancel'),
    placeholder: t('common.reasonPlaceholder'),
    missing: t('common.reasonMissing'),
  })
}
