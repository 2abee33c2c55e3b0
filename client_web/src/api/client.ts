/**
 * The server's HTTP API as typed calls. Types come from the OpenAPI document (`npm run types`); an error is one class whose
 * `detail` the server wrote for people, in the page's language, and is shown as it is.
 */
import type { components, paths } from './schema'

export type Schemas = components['schemas']

type Method = 'get' | 'post' | 'patch' | 'delete'

/** Paths that have the method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never
}[keyof paths]

type Operation<P extends keyof paths, M extends Method> = Extract<paths[P][M], { responses: unknown }>
type Success<R> = R extends { 200: infer A } ? A : R extends { 201: infer A } ? A : R extends { 202: infer A } ? A : R extends { 204: infer A } ? A : never
type Json<A> = A extends { content: { 'application/json': infer B } } ? B : undefined
export type Answer<P extends keyof paths, M extends Method> = Json<Success<Operation<P, M>['responses']>>
type BodyOf<O> = O extends { requestBody: { content: { 'application/json': infer B } } } ? B : never
type QueryOf<O> = O extends { parameters: { query?: infer Q } } ? Q : never
type ParametersOf<O> = O extends { parameters: { path: infer P } } ? P : never

export interface CallOptions<O> {
  path?: ParametersOf<O>
  query?: QueryOf<O>
  body?: BodyOf<O>
  signal?: AbortSignal
}

/** The server's refusal (RFC 9457), or `offline` when it could not be reached at all (status 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly retryAfter: number | null = null,
    readonly fields: { field: string; detail: string }[] = [],
    /** Of a 409 `stale`: what is stored now. */
    readonly current: Record<string, unknown> | null = null,
  ) {
    super(detail)
    this.name = 'ApiError'
  }
}

interface Surroundings {
  /** BCP 47, sent as Accept-Language so that details come in the page's language. */
  language: () => string
  /** What to say when the server did not explain itself. */
  unreachable: () => string
  unexplained: (status: number) => string
  /** The session is over. */
  onUnauthorized: () => void
}

const around: Surroundings = {
  language: () => 'zh-CN',
  unreachable: () => '连不上服务器。',
  unexplained: (status) => `服务器出错（${status}）。`,
  onUnauthorized: () => undefined,
}

export function configureApi(given: Partial<Surroundings>): void {
  Object.assign(around, given)
}

/** `/api/lessons/{lesson_id}` and its values as an address with a query; empty query values are left out. */
export function addressOf(template: string, path: Record<string, unknown> = {}, query: Record<string, unknown> = {}): string {
  const address = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = path[name]
    if (value === undefined || value === null || value === '') throw new Error(`no value for {${name}} of ${template}`)
    return encodeURIComponent(String(value))
  })
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return text ? `${address}?${text}` : address
}

async function refusalOf(response: Response): Promise<ApiError> {
  const retry = Number.parseFloat(response.headers.get('Retry-After') ?? '')
  const retryAfter = Number.isFinite(retry) ? retry : null
  try {
    const problem = (await response.json()) as Partial<Schemas['StaleProblem']>
    if (typeof problem.detail === 'string' && problem.detail) {
      return new ApiError(response.status, problem.code ?? 'problem', problem.detail, retryAfter, problem.errors ?? [], problem.current ?? null)
    }
  } catch {
    // Not JSON: a proxy's page, say. Falls through to what we can say ourselves.
  }
  return new ApiError(response.status, 'unexplained', around.unexplained(response.status), retryAfter)
}

/** Calls one route. Raises ApiError; AbortError if `signal` was used. */
export async function api<M extends Method, P extends PathOf<M>>(
  method: M,
  template: P,
  options: CallOptions<Operation<P, M>> = {},
): Promise<Answer<P, M>> {
  const json = options.body !== undefined
  const response = await send(method, template, options, json ? JSON.stringify(options.body) : null, json ? 'application/json' : null)
  if (response.status === 204) return undefined as Answer<P, M>
  return (await response.json()) as Answer<P, M>
}

/** The paths whose body is a file. */
type FilePath = { [P in PathOf<'post'>]: BodyOf<Operation<P, 'post'>> extends never ? P : never }[PathOf<'post'>]

/** Sends a file of that type as the body. Raises as `api`. */
export async function upload<P extends FilePath>(template: P, file: Blob, type: string, options: CallOptions<Operation<P, 'post'>> = {}): Promise<Answer<P, 'post'>> {
  const response = await send('post', template, options, file, type)
  if (response.status === 204) return undefined as Answer<P, 'post'>
  return (await response.json()) as Answer<P, 'post'>
}

async function send(
  method: Method,
  template: string,
  options: { path?: unknown; query?: unknown; signal?: AbortSignal },
  body: string | Blob | null,
  type: string | null,
): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': around.language() }
  if (type) headers['Content-Type'] = type
  const address = addressOf(template, options.path as Record<string, unknown> | undefined, options.query as Record<string, unknown> | undefined)
  let response: Response
  try {
    response = await fetch(address, {
      method: method.toUpperCase(),
      headers,
      credentials: 'same-origin',
      body,
      signal: options.signal ?? null,
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(0, 'offline', around.unreachable())
  }
  if (!response.ok) {
    const refusal = await refusalOf(response)
    // A wrong password is the login page's own business, not the end of a session.
    if (response.status === 401 && !(method === 'post' && template.startsWith('/api/session'))) around.onUnauthorized()
    throw refusal
  }
  return response
}

/** Whether the same request may well succeed later: no network, a server in trouble, or too many at once. */
export function isPassing(error: unknown): boolean {
  const status = error instanceof ApiError ? error.status : 0
  return status === 0 || status >= 500 || status === 429
}

/** What to show a person of any error. */
export function detailOf(error: unknown): string {
  if (error instanceof ApiError) return error.detail
  return error instanceof Error ? error.message : String(error)
}
