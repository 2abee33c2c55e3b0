/** What a verification found, as lines for people: the whole recording's, then each track's. Pure; texts are keys with values. */
import type { Schemas } from '@/api/client'

type Report = Schemas['Verification']

export interface Finding {
  key: string
  seconds?: number
  share?: number
  /** LUFS */
  level?: number
}

export interface FindingLine {
  /** null: of the whole recording */
  track: string | null
  findings: Finding[]
  bad: boolean
}

/** Shares below this (1 %) and gaps under a second are not worth a word. */
const SMALL_SHARE = 0.01
const SMALL_GAP = 1
/** LUFS: speech below this is hard to follow in a classroom; broadcasting aims at −23 (EBU R128). */
const QUIET = -33

/** How the value of a problem is said; a code that is not here comes from a newer server and is left out. */
const PROBLEMS: Readonly<Record<string, 'seconds' | 'share' | null>> = {
  no_recording: null,
  still_open: null,
  no_tracks: null,
  no_teacher: null,
  short: 'share',
  teacher_gap: 'seconds',
  empty: null,
  does_not_open: null,
  gap: 'seconds',
  black: 'share',
  frozen: 'share',
  silent: 'share',
}

export function findingLines(report: Report): FindingLine[] {
  const known = report.problems.filter((problem) => problem.code in PROBLEMS)
  const has = (code: string, track: string | null = null): boolean => known.some((problem) => problem.code === code && problem.track === track)
  const lines: FindingLine[] = []
  if (!has('no_recording') && !has('no_tracks')) {
    lines.push({ track: null, findings: [{ key: report.opens ? 'opens' : 'opensNot' }], bad: !report.opens })
    const gap = report.gap_seconds ?? 0
    if (!has('teacher_gap')) lines.push({ track: null, findings: [gap >= SMALL_GAP ? { key: 'gap', seconds: gap } : { key: 'noGap' }], bad: false })
  }
  for (const problem of known) {
    const unit = PROBLEMS[problem.code]
    const finding: Finding = { key: `problem.${problem.code}` }
    if (unit) finding[unit] = problem.value ?? 0
    const last = lines.at(-1)
    if (problem.track !== null && last?.track === problem.track) last.findings.push(finding)
    else lines.push({ track: problem.track, findings: [finding], bad: true })
  }
  for (const track of report.tracks) {
    // A shared page that is being read stands still; that is no finding.
    const frozen = track.source === 'screen' ? null : track.frozen_share
    const shares = { black: track.black_share, frozen, silent: track.silent_share }
    const findings: Finding[] = Object.entries(shares).flatMap(([key, share]) => (share !== null && share >= SMALL_SHARE && !has(key, track.id) ? [{ key, share }] : []))
    if (typeof track.loudness === 'number') findings.push({ key: track.loudness < QUIET ? 'quiet' : 'loudness', level: track.loudness })
    if (findings.length > 0) lines.push({ track: track.id, findings, bad: false })
  }
  return lines
}
