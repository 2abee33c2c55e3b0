/** A table as CSV that a spreadsheet opens rightly: BOM for Excel's Chinese, quoted cells, and no cell that it would run as a formula. */
export function csvOf(rows: readonly (readonly (string | number | null)[])[]): string {
  return `\uFEFF${rows.map((row) => row.map(cellOf).join(',')).join('\r\n')}\r\n`
}

function cellOf(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export function saveText(name: string, text: string, mime: string): void {
  saveBlob(name, new Blob([text], { type: mime }))
}

export function saveBlob(name: string, data: Blob): void {
  const address = URL.createObjectURL(data)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // After the click has been handled.
  setTimeout(() => URL.revokeObjectURL(address), 0)
}
