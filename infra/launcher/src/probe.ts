import { connect } from 'node:net'

const patienceMs = 1_000

/** What answers first on this TCP port after `say` was sent; '' when nothing does within a second. */
export function firstAnswer(host: string, port: number, say = ''): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patienceMs })
    const end = (answer: string) => {
      socket.destroy()
      resolve(answer)
    }
    socket.on('connect', () => say && socket.write(say))
    socket.on('data', (bytes) => end(bytes.toString('utf8')))
    socket.on('error', () => end(''))
    socket.on('timeout', () => end(''))
    socket.on('close', () => end(''))
  })
}

/** NATS greets with what it can do: JetStream must be on. */
export async function natsAnswers(host: string, port: number): Promise<boolean> {
  return /^INFO .*"jetstream":\s*true/.test(await firstAnswer(host, port))
}

/** True once Redis has loaded its append-only file and takes commands. */
export async function redisAnswers(host: string, port: number): Promise<boolean> {
  return (await firstAnswer(host, port, 'PING\r\n')).startsWith('+PONG')
}

/** True when an HTTP GET is answered with `status` (any status when left out). */
export async function httpAnswers(url: string, status?: number): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(patienceMs), redirect: 'manual' })
    await answer.body?.cancel()
    return status === undefined || answer.status === status
  } catch {
    return false
  }
}
