/** A lesson's evidence as rows against its policy. Pure; texts are keys with values, the component says them. */
import type { Schemas } from '@/api/client'

type Evidence = Schemas['Evidence']
type Policy = Schemas['CreditingPolicy']

export interface EvidenceRow {
  key: 'lasted' | 'present' | 'two_way' | 'opens' | 'gaps' | 'black' | 'silent'
  schoolId: string | null
  measured: { kind: 'plan' | 'live'; seconds: number; share: number } | { kind: 'seconds'; seconds: number } | { kind: 'share'; share: number } | { kind: 'opens'; opens: boolean } | null
  required: { kind: 'atLeast' | 'atMost'; share: number } | { kind: 'atMostSeconds'; seconds: number } | null
  /** null: not measured, or its policy is not there any more. */
  met: boolean | null
}

// 0.8 of 2400 s is 1920.0000000000002 in binary.
const EPSILON = 1e-9

export function evidenceRows(evidence: Evidence, policy: Policy | null): EvidenceRow[] {
  const atLeast = (share: number, needed: number | undefined): boolean | null => (needed === undefined ? null : share + EPSILON >= needed)
  const atMost = (value: number | null, most: number | undefined): boolean | null => (value === null || most === undefined ? null : value <= most + EPSILON)
  const shareRule = (kind: 'atLeast' | 'atMost', share: number | undefined): EvidenceRow['required'] => (share === undefined ? null : { kind, share })

  const rows: EvidenceRow[] = [
    {
      key: 'lasted',
      schoolId: null,
      measured: { kind: 'plan', seconds: evidence.teacher_seconds, share: evidence.teacher_share },
      required: shareRule('atLeast', policy?.lasted_share),
      met: atLeast(evidence.teacher_share, policy?.lasted_share),
    },
  ]
  for (const room of evidence.classrooms) {
    rows.push(
      {
        key: 'present',
        schoolId: room.school_id,
        measured: { kind: 'live', seconds: room.received_seconds, share: room.received_share },
        required: shareRule('atLeast', policy?.present_share),
        met: atLeast(room.received_share, policy?.present_share),
      },
      {
        key: 'two_way',
        schoolId: room.school_id,
        measured: { kind: 'live', seconds: room.sent_seconds, share: room.sent_share },
        required: shareRule('atLeast', policy?.two_way_share),
        met: atLeast(room.sent_share, policy?.two_way_share),
      },
    )
  }
  const gap = evidence.gap_seconds
  const black = evidence.black_or_frozen_share
  const silent = evidence.silent_share
  rows.push(
    {
      key: 'opens',
      schoolId: null,
      measured: evidence.recording_opens === null ? null : { kind: 'opens', opens: evidence.recording_opens },
      required: null,
      met: evidence.recording_opens,
    },
    {
      key: 'gaps',
      schoolId: null,
      measured: gap === null ? null : { kind: 'seconds', seconds: gap },
      required: policy ? { kind: 'atMostSeconds', seconds: policy.max_gap_seconds } : null,
      met: atMost(gap, policy?.max_gap_seconds),
    },
    {
      key: 'black',
      schoolId: null,
      measured: black === null ? null : { kind: 'share', share: black },
      required: shareRule('atMost', policy?.max_black_or_frozen_share),
      met: atMost(black, policy?.max_black_or_frozen_share),
    },
    {
      key: 'silent',
      schoolId: null,
      measured: silent === null ? null : { kind: 'share', share: silent },
      required: shareRule('atMost', policy?.max_silent_share),
      met: atMost(silent, policy?.max_silent_share),
    },
  )
  return rows
}
