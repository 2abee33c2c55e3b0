import { describe, expect, it } from 'vitest'
import { merge, readBackup, sameDraft, settled, written, type Draft, type Section } from './caseDraft'

const draft = (changes: Partial<Omit<Draft, 'texts'>> & { texts?: Partial<Record<Section, string>> } = {}): Draft => ({
  title: '题目',
  author_ids: ['u1'],
  recording_id: 'l1',
  material_ids: ['m1'],
  pictures: [{ id: 'i1', section: 'process', caption: '', url: '/i1' }],
  ...changes,
  texts: { summary: '', background: '旧背景', design: '', process: '', effect: '', reflection: '', ...changes.texts },
})

describe('two drafts put together', () => {
  it('keep what each wrote in another section', () => {
    const { draft: both, clashes, taken } = merge(draft(), draft({ texts: { process: '我的过程' } }), draft({ texts: { effect: '对方的成效' } }))
    expect(both.texts).toMatchObject({ background: '旧背景', process: '我的过程', effect: '对方的成效' })
    expect(clashes).toEqual([])
    expect(taken).toEqual(['effect'])
  })

  it('tell where both changed the same text, and lose neither', () => {
    const { draft: both, clashes } = merge(draft(), draft({ texts: { background: '我改的' } }), draft({ texts: { background: '对方改的' } }))
    expect(clashes).toEqual([{ field: 'background', mine: '我改的', theirs: '对方改的' }])
    expect(both.texts.background).toBe('我改的')
    const [clash] = clashes
    expect(clash && settled(clash, 'both')).toBe('对方改的\n\n我改的')
    expect(clash && settled(clash, 'theirs')).toBe('对方改的')
  })

  it('do not call it a clash when both wrote the same', () => {
    expect(merge(draft(), draft({ title: '新题 ' }), draft({ title: '新题' })).clashes).toEqual([])
  })

  it('unite what each put in and leave out what either took out', () => {
    const base = draft({ material_ids: ['m1', 'm2', 'm3'] })
    const { draft: both } = merge(base, draft({ material_ids: ['m1', 'm3', 'm4'] }), draft({ material_ids: ['m1', 'm2', 'm5'] }))
    expect(both.material_ids).toEqual(['m1', 'm5', 'm4'])
  })

  it('keep a caption that only one of us changed', () => {
    const picture = { id: 'i1', section: 'process' as const, caption: '我的说明', url: '/i1' }
    const other = { id: 'i2', section: 'effect' as const, caption: '对方的图', url: '/i2' }
    const { draft: both } = merge(draft(), draft({ pictures: [picture] }), draft({ pictures: [...draft().pictures, other] }))
    expect(both.pictures).toEqual([picture, other])
  })

  it('take the recording that was chosen anew', () => {
    expect(merge(draft(), draft(), draft({ recording_id: 'l2' })).draft.recording_id).toBe('l2')
    expect(merge(draft(), draft({ recording_id: null }), draft()).draft.recording_id).toBeNull()
  })
})

describe('a draft', () => {
  it('is the same when only blanks at its ends differ', () => {
    expect(sameDraft(draft({ texts: { summary: '甲 ' } }), draft({ texts: { summary: '甲' } }))).toBe(true)
    expect(sameDraft(draft(), draft({ author_ids: ['u1', 'u2'] }))).toBe(false)
  })

  it('counts its characters', () => {
    expect(written(draft({ texts: { summary: ' 两个 ' } }))).toBe(5)
  })

  it('is read back from what the browser kept, and nothing else is', () => {
    const kept = { base: draft(), draft: draft({ title: '未存' }) }
    expect(readBackup(JSON.stringify(kept))).toEqual(kept)
    for (const text of [null, '', '{', '{"base":{},"draft":{}}', JSON.stringify({ draft: draft() })]) expect(readBackup(text)).toBeNull()
  })
})
