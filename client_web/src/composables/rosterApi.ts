/** The routes of the roster as it is edited; types are the server's. */
import { api, upload, type Answer, type Schemas } from '@/api/client'

export type Kind = Schemas['KindAnswer']
export type Field = Schemas['FieldAnswer']
export type Entry = Schemas['EntryAnswer']
export type Imported = Schemas['ImportAnswer']
export type Values = Entry['values']
export type Value = Values[string]

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

const at = (entry: Entry) => ({ kind: entry.kind, entry_id: entry.id })

export const rosterApi = {
  kinds: (signal?: AbortSignal) => api('get', '/api/roster', { signal } as object),
  entries: (kind: string, search: string, archived: boolean, signal?: AbortSignal): Promise<Answer<'/api/roster/{kind}', 'get'>> =>
    api('get', '/api/roster/{kind}', { path: { kind }, query: { search, archived: archived ? '1' : '' }, ...(signal && { signal }) }),
  create: (kind: string, values: Values): Promise<Entry> => api('post', '/api/roster/{kind}', { path: { kind }, body: { values } }),
  update: (entry: Entry, version: number, values: Values): Promise<Entry> => api('patch', '/api/roster/{kind}/{entry_id}', { path: at(entry), body: { version, values } }),
  archive: (entry: Entry): Promise<Entry> => api('post', '/api/roster/{kind}/{entry_id}/archive', { path: at(entry), body: { version: entry.version } }),
  restore: (entry: Entry): Promise<Entry> => api('post', '/api/roster/{kind}/{entry_id}/restore', { path: at(entry), body: { version: entry.version } }),
  read: (file: Blob, dryRun: boolean): Promise<Imported> => upload('/api/roster-workbook', file, XLSX, { query: { dry_run: dryRun ? '1' : '' } }),
  passwords: () => api('post', '/api/roster-passwords'),
}
