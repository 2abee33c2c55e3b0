import { createRouter, createWebHistory, type RouteComponent, type RouteLocationNormalized, type RouteRecordRaw } from 'vue-router'
import { useSession, type Role } from '@/stores/session'

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the page's name below `nav`. */
    title?: string
    /** Who may come; everybody who is logged in when it is not given. */
    roles?: readonly Role[]
    /** Without a login. */
    open?: boolean
    /** Fills the window: no header. */
    bare?: boolean
  }
}

type Lazy = () => Promise<RouteComponent>
const pages = import.meta.glob<RouteComponent>('../pages/*.vue', { import: 'default' })

function page(name: string): Lazy {
  return pages[`../pages/${name}.vue`] ?? (pages['../pages/NotFoundPage.vue'] as Lazy)
}

const SUPERVISORS: readonly Role[] = ['admin', 'researcher']
const PEOPLE: readonly Role[] = ['admin', 'researcher', 'teacher']
const ADMIN: readonly Role[] = ['admin']

export const routes: RouteRecordRaw[] = [
  { path: '/login', name: 'login', component: page('LoginPage'), meta: { title: 'login', open: true, bare: true } },
  { path: '/', name: 'home', component: page('HomePage'), meta: { title: 'home', roles: PEOPLE } },
  { path: '/lessons', name: 'lessons', component: page('LessonsPage'), meta: { title: 'lessons', roles: PEOPLE } },
  { path: '/lessons/:lessonId', name: 'lesson', component: page('LessonPage'), props: true, meta: { title: 'lesson', roles: PEOPLE } },
  { path: '/timetable', name: 'timetable', component: page('TimetablePage'), meta: { title: 'timetable', roles: PEOPLE } },
  { path: '/wall', name: 'wall', component: page('WallPage'), meta: { title: 'wall', roles: SUPERVISORS } },
  { path: '/board', name: 'board', component: page('BoardPage'), meta: { title: 'board', roles: PEOPLE } },
  { path: '/reports', name: 'reports', component: page('ReportsPage'), meta: { title: 'reports', roles: PEOPLE } },
  { path: '/evaluation', name: 'evaluation', component: page('EvaluationPage'), meta: { title: 'evaluation', roles: SUPERVISORS } },
  { path: '/readiness', name: 'readiness', component: page('ReadinessPage'), meta: { title: 'readiness', roles: SUPERVISORS } },
  { path: '/surveys', name: 'surveys', component: page('SurveysPage'), meta: { title: 'surveys', roles: SUPERVISORS } },
  { path: '/surveys/questions', name: 'survey-sheets', component: page('SurveySheetsPage'), meta: { title: 'surveySheets', roles: SUPERVISORS } },
  { path: '/surveys/:surveyId', name: 'survey', component: page('SurveyPage'), props: true, meta: { title: 'survey', roles: SUPERVISORS } },
  { path: '/ledger', name: 'ledger', component: page('LedgerPage'), meta: { title: 'ledger', roles: PEOPLE } },
  { path: '/doubts', name: 'doubts', component: page('DoubtsPage'), meta: { title: 'doubts', roles: PEOPLE } },
  { path: '/recordings', name: 'recordings', component: page('RecordingsPage'), meta: { title: 'recordings', roles: PEOPLE } },
  { path: '/observations', name: 'observations', component: page('ObservationsPage'), meta: { title: 'observations', roles: PEOPLE } },
  { path: '/observations/form', name: 'rubric', component: page('RubricPage'), meta: { title: 'rubric', roles: PEOPLE } },
  { path: '/observations/:sheetId', name: 'observation', component: page('ObservationPage'), props: true, meta: { title: 'observation', roles: PEOPLE } },
  { path: '/cases', name: 'cases', component: page('CasesPage'), meta: { title: 'cases', roles: PEOPLE } },
  { path: '/cases/book', name: 'casebook', component: page('CasebookPage'), meta: { title: 'casebook', roles: SUPERVISORS } },
  { path: '/cases/:caseId', name: 'case', component: page('CasePage'), props: true, meta: { title: 'case', roles: PEOPLE } },
  { path: '/roster', name: 'roster', component: page('RosterPage'), meta: { title: 'roster', roles: SUPERVISORS } },
  { path: '/devices', name: 'devices', component: page('DevicesPage'), meta: { title: 'devices', roles: ADMIN } },
  { path: '/devices/codes', name: 'device-codes', component: page('DeviceCodesPage'), meta: { title: 'deviceCodes', roles: ADMIN } },
  { path: '/users', name: 'users', component: page('UsersPage'), meta: { title: 'users', roles: ADMIN } },
  { path: '/audit-log', name: 'audit-log', component: page('AuditLogPage'), meta: { title: 'auditLog', roles: ADMIN } },
  { path: '/system', name: 'system', component: page('SystemPage'), meta: { title: 'system', roles: ADMIN } },
  {
    path: '/teach/:lessonId',
    name: 'teach',
    component: page('TeachPage'),
    props: true,
    meta: { title: 'teach', roles: ['teacher', 'admin'], bare: true },
  },
  {
    path: '/observe/:lessonId',
    name: 'observe',
    component: page('ObservePage'),
    props: true,
    meta: { title: 'observe', roles: SUPERVISORS, bare: true },
  },
  { path: '/network-test', name: 'network-test', component: page('NetworkTestPage'), meta: { title: 'networkTest', roles: [...PEOPLE, 'device'], bare: true } },
  { path: '/readiness-check', name: 'readiness-check', component: page('ReadinessCheckPage'), meta: { title: 'readinessCheck', roles: ['teacher', 'device'], bare: true } },
  { path: '/recordings/:id', name: 'recording', component: page('RecordingPage'), props: true, meta: { title: 'recording', bare: true } },
  // The classroom's screen has no one to log in: it redeems its code by itself.
  { path: '/classroom', name: 'classroom', component: page('ClassroomPage'), meta: { title: 'classroom', open: true, bare: true } },
  { path: '/survey', name: 'answer', component: page('AnswerPage'), meta: { title: 'answer', open: true, bare: true } },
  { path: '/:rest(.*)*', name: 'not-found', component: page('NotFoundPage'), meta: { title: 'notFound', open: true } },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

/** Where somebody is sent instead of `to`, or true: a pure rule, the guard below only applies it. */
export function wayFor(to: Pick<RouteLocationNormalized, 'name' | 'fullPath' | 'meta'>, role: Role | null): true | { name: string; query?: { to: string } } {
  if (to.name === 'login' && role && role !== 'device') return { name: 'home' }
  if (to.meta.open) return true
  if (!role) return { name: 'login', query: to.fullPath === '/' ? undefined : { to: to.fullPath } } as { name: string; query?: { to: string } }
  if (to.meta.roles && !to.meta.roles.includes(role)) return { name: role === 'device' ? 'classroom' : 'home' }
  return true
}

router.beforeEach(async (to) => {
  const session = useSession()
  if (!to.meta.open || to.name === 'login') await session.load()
  return wayFor(to, session.role)
})

/** The address to return to after the login: only one of ours, never another site's. */
export function returnAddress(wanted: unknown): string {
  return typeof wanted === 'string' && /^\/(?![/\\])/.test(wanted) ? wanted : '/'
}
