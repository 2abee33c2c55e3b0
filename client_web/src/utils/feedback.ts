/** Short notices and the one question before something that can't be undone. */
import { ElMessage, ElMessageBox } from 'element-plus'
import 'element-plus/es/components/message/style/css'
import 'element-plus/es/components/message-box/style/css'
import { detailOf } from '@/api/client'

export function toast(message: string, type: 'success' | 'info' | 'error' = 'success'): void {
  // An error stays long enough to be read; success passes.
  ElMessage({ message, type, showClose: type === 'error', duration: type === 'error' ? 8000 : 2500, grouping: true })
}

export function toastError(error: unknown): void {
  toast(detailOf(error), 'error')
}

export interface Question {
  title: string
  text: string
  yes: string
  no: string
  danger?: boolean
}

/** Asks once; true for yes. */
export async function confirmOnce(question: Question): Promise<boolean> {
  try {
    await ElMessageBox.confirm(question.text, question.title, {
      confirmButtonText: question.yes,
      cancelButtonText: question.no,
      confirmButtonClass: question.danger ? 'el-button--danger confirm-yes' : 'confirm-yes',
      autofocus: true,
      closeOnClickModal: false,
    })
    return true
  } catch {
    return false
  }
}

/** Asks for a written reason; null when taken back. */
export async function askReason(question: Question & { placeholder: string; missing: string }): Promise<string | null> {
  try {
    // Its declared type is that of every kind of box; a prompt's answer has the value.
    const answer = (await ElMessageBox.prompt(question.text, question.title, {
      confirmButtonText: question.yes,
      cancelButtonText: question.no,
      confirmButtonClass: question.danger ? 'el-button--danger confirm-yes' : 'confirm-yes',
      inputType: 'textarea',
      inputPlaceholder: question.placeholder,
      inputValidator: (value) => (value?.trim() ? true : question.missing),
      closeOnClickModal: false,
    })) as { value?: string }
    return answer.value?.trim() || null
  } catch {
    return null
  }
}
