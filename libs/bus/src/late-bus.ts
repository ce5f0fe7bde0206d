import { setTimeout as pause } from 'node:timers/promises'
import { openBus, type Bus } from './bus.ts'

const waitMs = 3_000
const retryMs = 500

type LateBus = { url: string; name: string; onError(error: unknown): void }

/**
 * The bus, whether the server is there yet or not: a service that can work without it starts without it. What listens
 * begins when the server comes; whoever needs an answer now is told after 3 seconds that there is none.
 */
export function openBusLater({ url, name, onError }: LateBus): Bus {
  let bus: Bus | undefined
  let closed = false
  const opening = (async (): Promise<Bus> => {
    for (;;) {
      try {
        bus = await openBus({ url, name, wait: false })
        if (closed) await bus.close()
        return bus
      } catch (error) {
        if (closed) throw error
        onError(error)
        await pause(retryMs)
      }
    }
  })()
  opening.catch(() => undefined)

  const soon = async (): Promise<Bus> => {
    if (bus) return bus
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('NATS is not there yet')), waitMs)
    })
    return Promise.race([opening, late]).finally(() => clearTimeout(timer))
  }
  const whenOpen = (listen: (opened: Bus) => { stop(): Promise<void> }) => {
    let stopped = false
    let listening: { stop(): Promise<void> } | undefined
    void opening.then(
      (opened) => {
        if (!stopped) listening = listen(opened)
      },
      () => undefined,
    )
    return {
      stop: async () => {
        stopped = true
        await listening?.stop()
      },
    }
  }
  return {
    publish: async (event) => (await soon()).publish(event),
    consume: (options) => whenOpen((opened) => opened.consume(options)),
    follow: (options) => whenOpen((opened) => opened.follow(options)),
    deadLetters: {
      list: async (limit) => (await soon()).deadLetters.list(limit),
      redrive: async (sequence) => (await soon()).deadLetters.redrive(sequence),
    },
    ping: async () => (await soon()).ping(),
    closed: opening.then(
      (opened) => opened.closed,
      (error: Error) => error,
    ),
    close: async () => {
      closed = true
      await bus?.close()
    },
  }
}
