import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api, ApiError, type Schemas } from '@/api/client'

export type SessionUser = Schemas['SessionUser']
export type Role = Schemas['Role']

/** Who is logged in. The cookie is the session; this is only what the server says about it. */
export const useSession = defineStore('session', () => {
  const user = ref<SessionUser | null>(null)
  let asking: Promise<void> | null = null
  let known = false

  const role = computed<Role | null>(() => user.value?.role ?? null)
  const isAdmin = computed(() => role.value === 'admin')
  /** Researchers and administrators look after credits and listen in. */
  const supervises = computed(() => role.value === 'admin' || role.value === 'researcher')

  async function ask(): Promise<void> {
    try {
      user.value = (await api('get', '/api/session')).user
      known = true
    } catch (error) {
      user.value = null
      // Not logged in is an answer; an unreachable server is not: it is asked again at the next page.
      known = error instanceof ApiError && error.status === 401
    }
  }

  /** Asks once; later calls wait for or reuse the answer. */
  async function load(): Promise<void> {
    if (known) return
    asking ??= ask().finally(() => (asking = null))
    await asking
  }

  async function login(username: string, password: string): Promise<void> {
    user.value = (await api('post', '/api/session', { body: { username, password } })).user
    known = true
  }

  async function logout(): Promise<void> {
    try {
      await api('delete', '/api/session')
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error
    }
    forget()
  }

  function forget(): void {
    user.value = null
    known = true
  }

  return { user, role, isAdmin, supervises, load, login, logout, forget }
})
