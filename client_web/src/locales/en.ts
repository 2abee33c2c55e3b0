/** All English texts, by subject. */
import { gathered } from './gather'

export default gathered(import.meta.glob<Record<string, unknown>>('./*.en.ts', { eager: true, import: 'default' }))
