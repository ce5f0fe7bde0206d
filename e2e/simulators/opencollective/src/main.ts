import { sandboxClock, startOpenCollective } from './index.ts'
import { readSettings } from './settings.ts'

try {
  const { clockFile, ...settings } = readSettings(process.env)
  const running = await startOpenCollective({ ...settings, clock: sandboxClock(clockFile) })
  process.stdout.write(`${JSON.stringify({ ready: running.url })}\n`)

  const stop = async (): Promise<void> => {
    await running.close()
    process.exit(0)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
} catch (error) {
  process.stderr.write(`the OpenCollective sandbox did not start: ${error instanceof Error ? error.message : error}\n`)
  process.exit(1)
}
