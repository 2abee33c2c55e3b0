/** All Chinese texts, by subject. */
import { gathered } from './gather'

export default gathered(import.meta.glob<Record<string, unknown>>('./*.zh.ts', { eager: true, import: 'default' }))
