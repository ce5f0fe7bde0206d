import { startBbbNode } from './index.ts'
import { sandboxClock } from './sandbox-clock.ts'

const { PORT, HOST, BBB_SECRET, NODE_NAME, PUBLIC_URL, STATE_DIR, SANDBOX_CLOCK } = process.env

const portOf = (text: string | undefined): number => {
  const port = Number(text ?? '0')
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`PORT is no port: ${text}`)
  return port
}

const node = await startBbbNode({
  port: portOf(PORT),
  host: HOST ?? '127.0.0.1',
  secret: BBB_SECRET ?? '',
  nodeName: NODE_NAME ?? 'node',
  ...(PUBLIC_URL ? { publicUrl: PUBLIC_URL } : {}),
  clock: sandboxClock(SANDBOX_CLOCK),
  stateDir: STATE_DIR,
  warn: (what) => process.stderr.write(`${JSON.stringify({ level: 'warn', node: NODE_NAME, what })}\n`),
})

const stop = async (): Promise<void> => {
  await node.close()
  process.exit(0)
}
process.once('SIGTERM', () => void stop())
process.once('SIGINT', () => void stop())

process.stdout.write(`${JSON.stringify({ ready: node.url })}\n`)
