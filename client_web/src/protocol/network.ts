/** The browser's own news that the network is another one or back. Seldom complete, never proof: a reason to look. */

export interface NetworkEvents {
  /** Fires `online`; null: nowhere. */
  network: EventTarget | null
  /** Fires `change`: the Network Information API of Chromium and its kin. */
  link: EventTarget | null
}

export function networkEvents(): NetworkEvents {
  if (typeof window === 'undefined') return { network: null, link: null }
  const { connection } = window.navigator as Navigator & { connection?: EventTarget }
  return { network: window, link: connection ?? null }
}

/** Calls `look` at each news, until the returned function is called. */
export function onNetworkNews(look: () => void, events: NetworkEvents = networkEvents()): () => void {
  events.network?.addEventListener('online', look)
  events.link?.addEventListener('change', look)
  return () => {
    events.network?.removeEventListener('online', look)
    events.link?.removeEventListener('change', look)
  }
}
