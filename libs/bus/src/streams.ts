import { DiscardPolicy, RetentionPolicy, StorageType, type JetStreamManager } from '@nats-io/jetstream'
import { sources, type Source } from '@meetcoop/contracts'

/** `BILLING`, `NODE_ORCHESTRATION`: one stream for each service that publishes. */
export const streamOf = (source: Source): string => source.replaceAll('-', '_').toUpperCase()

/** Dead letters of all consumers, at `dead_letters.<durable>`. */
export const deadLetterStream = 'DEAD_LETTERS'

const day = 86_400_000_000_000
const duplicateWindow = 120_000_000_000

// Limits retention: a stream that forgets acked messages also forgets their ids, and takes a repeat for new.
const limits = {
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  discard: DiscardPolicy.Old,
  duplicate_window: duplicateWindow,
}

/** Makes the stream if it is not there. The outbox can fill it again, so it need not be kept for ever. */
export async function ensureStream(manager: JetStreamManager, source: Source): Promise<void> {
  const root = sources[source].package.split('.')[0]
  await ensure(manager, {
    name: streamOf(source),
    subjects: [`${root}.>`],
    max_age: 90 * day,
    max_bytes: 2_000_000_000,
  })
}

/** Dead letters wait for an operator, so they outlive every event stream. */
export const ensureDeadLetterStream = (manager: JetStreamManager): Promise<void> =>
  ensure(manager, { name: deadLetterStream, subjects: ['dead_letters.>'], max_age: 400 * day, max_bytes: 500_000_000 })

type Config = { name: string; subjects: string[]; max_age: number; max_bytes: number }

async function ensure(manager: JetStreamManager, config: Config): Promise<void> {
  try {
    await manager.streams.info(config.name)
  } catch (error) {
    if (!isNotFound(error)) throw error
    await manager.streams.add({ ...config, ...limits })
  }
}

/** Whether the server says that there is no such stream, consumer or message. */
export const isNotFound = (error: unknown): boolean =>
  (error as { status?: number; code?: number }).status === 404 || (error as { code?: number }).code === 404
