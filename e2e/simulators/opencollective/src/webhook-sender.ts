// Sends activities as OpenCollective does: once, unsigned, in parallel, and without a retry.
import axios from 'axios'
import type { Behaviour } from './behaviour.ts'
import type { Activity } from './model.ts'

export type Delivery = {
  /** The activity's id, which repeated copies and later resends share. */
  id: number
  type: string
  url: string | null
  /** `refused` is an answer other than 2xx; `overflow` was never sent because too many others waited. */
  status: 'sending' | 'delivered' | 'refused' | 'failed' | 'dropped' | 'no-target' | 'overflow'
  httpStatus: number | null
  error: string | null
  sentAt: string | null
  tookMs: number | null
  body: Record<string, unknown>
}

const bounds = { inFlight: 64, waiting: 20_000, remembered: 2_000, answerBytes: 1_000_000, timeoutMs: 30_000 }

export function webhookSender(collectiveId: number, behaviour: () => Behaviour) {
  const deliveries: Delivery[] = []
  const waiting: (() => Promise<void>)[] = []
  const stop = new AbortController()
  let inFlight = 0
  let dropShare = 0

  const pump = (): void => {
    while (inFlight < bounds.inFlight && !stop.signal.aborted) {
      const job = waiting.shift()
      if (!job) return
      inFlight++
      void job().finally(() => {
        inFlight--
        pump()
      })
    }
  }

  const drops = (): boolean => {
    dropShare += Number(behaviour().dropWebhooks)
    if (dropShare < 1) return false
    dropShare -= 1
    return true
  }

  const remember = (activity: Activity, url: string | null): Delivery => {
    const { id, type, createdAtMs, data } = activity
    const body = { createdAt: new Date(createdAtMs).toISOString(), id, type, CollectiveId: collectiveId, data }
    const fresh = { status: 'sending', httpStatus: null, error: null, sentAt: null, tookMs: null } as const
    const delivery: Delivery = { id, type, url, ...fresh, body }
    deliveries.push(delivery)
    if (deliveries.length > bounds.remembered) deliveries.shift()
    return delivery
  }

  const sendCopy = async (delivery: Delivery): Promise<Delivery> => {
    if (!delivery.url) return Object.assign(delivery, { status: 'no-target' })
    if (drops()) return Object.assign(delivery, { status: 'dropped' })
    if (waiting.length >= bounds.waiting) return Object.assign(delivery, { status: 'overflow' })
    const done = Promise.withResolvers<void>()
    const start = (): void => {
      waiting.push(() => post(delivery, stop.signal).finally(done.resolve))
      pump()
    }
    const { delayWebhookMs } = behaviour()
    if (delayWebhookMs > 0) setTimeout(start, delayWebhookMs).unref()
    else start()
    await done.promise
    return delivery
  }

  return {
    deliveries,
    /** Starts sending one activity, and any extra copies; resolves with the first copy's outcome. */
    send(activity: Activity, url: string | null): { delivery: Delivery; outcome: Promise<Delivery> } {
      const copies = Array.from({ length: 1 + behaviour().repeatWebhooks }, () => remember(activity, url))
      const [outcome] = copies.map(sendCopy)
      return { delivery: copies[0]!, outcome: outcome! }
    },
    /** What is under way is lost, as it is when OpenCollective restarts. */
    close: () => stop.abort(),
  }
}

async function post(delivery: Delivery, signal: AbortSignal): Promise<void> {
  const startedMs = performance.now()
  delivery.sentAt = new Date().toISOString()
  try {
    const answer = await axios.post(delivery.url!, delivery.body, {
      maxRedirects: 0,
      timeout: bounds.timeoutMs,
      maxContentLength: bounds.answerBytes,
      proxy: false,
      signal,
    })
    Object.assign(delivery, { status: 'delivered', httpStatus: answer.status })
  } catch (error) {
    const httpStatus = axios.isAxiosError(error) ? (error.response?.status ?? null) : null
    const message = error instanceof Error ? error.message : String(error)
    Object.assign(delivery, { status: httpStatus ? 'refused' : 'failed', httpStatus, error: message })
  } finally {
    delivery.tookMs = Math.round(performance.now() - startedMs)
  }
}
