/** Every item of a list by cursor. */
export async function everyPage<T>(ask: (cursor: string | undefined) => Promise<{ items: T[]; next: string | null }>): Promise<T[]> {
  const all: T[] = []
  let cursor: string | undefined
  do {
    const page = await ask(cursor)
    all.push(...page.items)
    cursor = page.next ?? undefined
  } while (cursor)
  return all
}
