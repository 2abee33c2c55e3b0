/** Chapters and thumbnails of a recording, once the verification has made them. */
import { computed, shallowRef, watch } from 'vue'
import { api, type Schemas } from '@/api/client'
import { chapterFrom, lastUntil, sheetOf, thumbnailAt, type Thumbnail } from '@/media/thumbnails'
import type { RecordingView } from './useRecording'

type Chapters = Schemas['ChaptersAnswer']

export function useChapters(recordingId: string, view: RecordingView, large: () => string | null) {
  const found = shallowRef<Chapters>({ chapters: [], thumbnails: [] })
  const starts = computed(() => found.value.chapters.map((chapter) => chapter.start))
  const sheet = computed(() => sheetOf(found.value.thumbnails, large()))

  watch(
    () => view.recording.value?.verification,
    async (report) => {
      if (!report) return
      // The recording plays without them.
      found.value = await api('get', '/api/recordings/{recording_id}/chapters', { path: { recording_id: recordingId } }).catch(() => found.value)
    },
  )

  return {
    starts,
    thumbnail: (time: number): Thumbnail | null => (sheet.value ? thumbnailAt(sheet.value, time) : null),
    /** Number of the chapter at this moment, from 1; 0 before the first. */
    numberAt: (time: number): number => lastUntil(starts.value, time) + 1,
    walk: (way: 1 | -1): void => {
      const to = chapterFrom(starts.value, view.time.value, way)
      if (to !== null) view.seek(to)
    },
  }
}

export type ChaptersView = ReturnType<typeof useChapters>
