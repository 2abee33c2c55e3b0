/** What a sheet knows of the picture beside it: which instant of the lesson is seen now, and how to go to another. */
export interface LessonClock {
  /** Unix ms of what is seen; null when there is nothing to be seen. */
  now: () => number | null
  /** Seconds to show for an instant. */
  second: (moment: number) => number
  /** Goes there; not while the lesson is live. */
  seek?: (moment: number) => void
}
