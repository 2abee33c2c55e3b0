/** The network test as reactive state: start it, see the ways open or stay shut, then the figures of the best one. */
import { computed, onScopeDispose, reactive, ref } from 'vue'
import { api, detailOf } from '@/api/client'
import { adviceOf, bestOf, qualityOf, verdictOf, waysOf, WAYS, type Figures, type Way, type WayKind, type WayState } from '@/media/networkTest'
import { Blocked, MEASURE, measureWay, tryWay, type Surroundings, type TestLesson } from '@/media/networkTestPeers'
import { deleteResource } from '@/protocol/resource'

export type TestPhase = 'idle' | 'ways' | 'measuring' | 'done' | 'failed'

export interface WayReport {
  kind: WayKind
  state: WayState
  /** ms; 0 while not connected. */
  took: number
  /** What was connected, or why not: for the details. */
  note: string
}

export function useNetworkTest() {
  const phase = ref<TestPhase>('idle')
  const reports = reactive(Object.fromEntries(WAYS.map((kind) => [kind, blank(kind)])) as Record<WayKind, WayReport>)
  const figures = ref<Figures | null>(null)
  /** 0 to 1, of the measuring. */
  const progress = ref(0)
  const failure = ref('')
  const endedAt = ref<Date | null>(null)
  let stopping: AbortController | null = null

  const states = computed(() => Object.fromEntries(WAYS.map((kind) => [kind, reports[kind].state])) as Record<WayKind, WayState>)
  const verdict = computed(() => (phase.value === 'done' || phase.value === 'measuring' ? verdictOf(states.value) : null))
  const quality = computed(() => (phase.value === 'done' && figures.value ? qualityOf(figures.value) : null))
  const advice = computed(() => (verdict.value && phase.value === 'done' ? adviceOf(verdict.value, quality.value, figures.value) : []))
  const running = computed(() => phase.value === 'ways' || phase.value === 'measuring')

  /** `measure`: ms over which the best way is measured. */
  async function start(measure = MEASURE): Promise<void> {
    stop()
    const stopped = (stopping = new AbortController())
    const around: Surroundings = { fetch: (input, init) => fetch(input, init), signal: stopped.signal }
    for (const kind of WAYS) Object.assign(reports[kind], blank(kind))
    figures.value = null
    progress.value = 0
    failure.value = ''
    phase.value = 'ways'
    let lesson: TestLesson | null = null
    try {
      const opened = await api('post', '/api/network-test', { signal: stopped.signal })
      lesson = opened
      await run(waysOf(opened.ice_servers), opened, around, measure)
      endedAt.value = new Date()
      phase.value = 'done'
    } catch (error) {
      if (stopped.signal.aborted) return
      failure.value = detailOf(error)
      phase.value = 'failed'
    } finally {
      if (lesson) void deleteResource(around.fetch, `/api/network-test/${lesson.id}`, lesson.token)
    }
  }

  async function run(ways: Way[], lesson: TestLesson, around: Surroundings, measure: number): Promise<void> {
    for (const kind of WAYS) reports[kind].state = ways.some((way) => way.kind === kind) ? 'trying' : 'absent'
    await Promise.all(ways.map((way) => attempt(way, lesson, around)))
    const best = ways.find((way) => way.kind === bestOf(states.value))
    if (!best) return
    phase.value = 'measuring'
    figures.value = await measureWay(best, lesson, around, measure, (now, done) => {
      figures.value = now
      progress.value = done
    })
  }

  async function attempt(way: Way, lesson: TestLesson, around: Surroundings): Promise<void> {
    const report = reports[way.kind]
    try {
      const connected = await tryWay(way, lesson, around)
      Object.assign(report, { state: 'works', took: connected.took, note: connected.path })
    } catch (error) {
      if (!(error instanceof Blocked)) throw error
      Object.assign(report, { state: 'blocked', note: error.message })
    }
  }

  function stop(): void {
    stopping?.abort()
    stopping = null
    if (running.value) phase.value = 'idle'
  }

  onScopeDispose(stop)
  return { phase, states, reports, figures, progress, failure, endedAt, verdict, quality, advice, running, start, stop }
}

function blank(kind: WayKind): WayReport {
  return { kind, state: 'waiting', took: 0, note: '' }
}

export type NetworkTest = ReturnType<typeof useNetworkTest>
