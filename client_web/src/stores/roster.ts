import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api, type Schemas } from '@/api/client'
import { everyPage } from '@/utils/pages'

export type School = Schemas['SchoolAnswer']
export type Subject = Schemas['SubjectAnswer']
export type Pairing = Schemas['PairingAnswer']

/** Schools, subjects and pairings: small, rarely changed, wanted by nearly every page. */
export const useRoster = defineStore('roster', () => {
  const schools = ref<School[]>([])
  const subjects = ref<Subject[]>([])
  const pairings = ref<Pairing[]>([])
  let asked: Promise<void> | null = null

  async function ask(): Promise<void> {
    const query = { limit: 500 }
    const [ss, us, ps] = await Promise.all([
      everyPage((cursor) => api('get', '/api/schools', { query: { ...query, cursor } as never })),
      everyPage((cursor) => api('get', '/api/subjects', { query: { ...query, cursor } as never })),
      everyPage((cursor) => api('get', '/api/pairings', { query: { ...query, cursor } as never })),
    ])
    schools.value = ss
    subjects.value = us
    pairings.value = ps
  }

  /** Asks once; a failed question is asked again the next time. Raises ApiError. */
  async function load(): Promise<void> {
    asked ??= ask().catch((error: unknown) => {
      asked = null
      throw error
    })
    await asked
  }

  /** Asks anew at the next `load`: the roster was edited. */
  function forget(): void {
    asked = null
  }

  /** What may be chosen for something new: names of what is archived are still wanted for what is old. */
  const openSchools = computed(() => schools.value.filter((school) => !school.archived))
  const openSubjects = computed(() => subjects.value.filter((subject) => !subject.archived))
  const openPairings = computed(() => pairings.value.filter((pairing) => !pairing.archived))
  const schoolById = computed(() => new Map(schools.value.map((school) => [school.id, school])))
  const subjectById = computed(() => new Map(subjects.value.map((subject) => [subject.id, subject])))

  function schoolName(id: string | null | undefined, english: boolean): string {
    const school = id ? schoolById.value.get(id) : undefined
    return school ? nameOf(school, english) : (id ?? '')
  }

  function subjectName(id: string, english: boolean): string {
    const subject = subjectById.value.get(id)
    return subject ? nameOf(subject, english) : id
  }

  return { schools, subjects, pairings, openSchools, openSubjects, openPairings, load, forget, schoolById, subjectById, schoolName, subjectName }
})

/** The name in the page's language. */
export function nameOf(thing: { name: string; name_en: string }, english: boolean): string {
  return english && thing.name_en ? thing.name_en : thing.name
}
