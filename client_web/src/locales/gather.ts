/** `./board.zh.ts` and the like become `{ board: texts }`. */
export function gathered(files: Record<string, Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(files).map(([path, texts]) => [path.replace(/^\.\//, '').replace(/\.(zh|en)\.ts$/, ''), texts]),
  )
}
