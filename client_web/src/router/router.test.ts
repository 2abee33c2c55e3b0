// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { returnAddress, routes, wayFor } from '.'
import type { Role } from '@/stores/session'

const at = (name: string): Parameters<typeof wayFor>[0] => {
  const route = routes.find((one) => one.name === name)
  return { name, fullPath: `/${name}`, meta: route?.meta ?? {} }
}
const goes = (name: string, role: Role | null): string => {
  const way = wayFor(at(name), role)
  return way === true ? name : way.name
}

describe('who may go where', () => {
  it.each<[string, Record<Role | 'nobody', string>]>([
    ['login', { nobody: 'login', admin: 'home', researcher: 'home', teacher: 'home', device: 'login' }],
    ['home', { nobody: 'login', admin: 'home', researcher: 'home', teacher: 'home', device: 'classroom' }],
    ['lessons', { nobody: 'login', admin: 'lessons', researcher: 'lessons', teacher: 'lessons', device: 'classroom' }],
    ['board', { nobody: 'login', admin: 'board', researcher: 'board', teacher: 'board', device: 'classroom' }],
    ['teach', { nobody: 'login', admin: 'teach', researcher: 'home', teacher: 'teach', device: 'classroom' }],
    ['observe', { nobody: 'login', admin: 'observe', researcher: 'observe', teacher: 'home', device: 'classroom' }],
    ['users', { nobody: 'login', admin: 'users', researcher: 'home', teacher: 'home', device: 'classroom' }],
    ['devices', { nobody: 'login', admin: 'devices', researcher: 'home', teacher: 'home', device: 'classroom' }],
    ['system', { nobody: 'login', admin: 'system', researcher: 'home', teacher: 'home', device: 'classroom' }],
    ['recording', { nobody: 'login', admin: 'recording', researcher: 'recording', teacher: 'recording', device: 'recording' }],
    ['classroom', { nobody: 'classroom', admin: 'classroom', researcher: 'classroom', teacher: 'classroom', device: 'classroom' }],
  ])('%s', (name, expected) => {
    const found = Object.fromEntries(Object.keys(expected).map((role) => [role, goes(name, role === 'nobody' ? null : (role as Role))]))
    expect(found).toEqual(expected)
  })

  it('comes back after the login', () => {
    expect(wayFor({ ...at('board'), fullPath: '/board?year=2025' }, null)).toEqual({ name: 'login', query: { to: '/board?year=2025' } })
  })
})

describe('the address to return to', () => {
  it.each([
    ['/board?year=2025', '/board?year=2025'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['https://evil.example', '/'],
    [undefined, '/'],
    [['/a'], '/'],
  ])('%s', (wanted, expected) => expect(returnAddress(wanted)).toBe(expected))
})
