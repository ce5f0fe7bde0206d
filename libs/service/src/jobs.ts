import { Queue, Worker } from 'bullmq'
import { BullMQOtel } from 'bullmq-otel'
import type { Logger } from 'pino'

/** A queue of slow, limited or due work inside one service. Redis may forget all of it: a sweep puts it back. */
export type Jobs<Data> = {
  /** A job whose id is waiting or running is not added again. Ids have no colon and are not bare numbers. */
  add(id: string, data: Data, options?: { delayMs?: number }): Promise<void>
  close(): Promise<void>
}

export type JobOptions<Data> = {
  name: string
  run(data: Data): Promise<void>
  concurrency?: number
  /** At most so many jobs begin in each span of time. */
  limit?: { jobs: number; perMs: number }
}

const attempts = 5
const backoffMs = 500

/** Runs jobs on BullMQ. A job that fails is tried again with growing pauses, then dropped: the next sweep adds it anew. */
export function openJobs<Data>(redisUrl: string, log: Logger, options: JobOptions<Data>): Jobs<Data> {
  const { name, run, concurrency = 4, limit } = options
  const connection = { url: redisUrl, maxRetriesPerRequest: null }
  const telemetry = new BullMQOtel({ tracerName: 'jobs' })
  const queue = new Queue(name, { connection: { url: redisUrl, enableOfflineQueue: false }, telemetry })
  const worker = new Worker(name, async (job) => run(job.data as Data), {
    connection,
    concurrency,
    telemetry,
    ...(limit && { limiter: { max: limit.jobs, duration: limit.perMs } }),
  })
  const complain = (error: Error) => log.warn({ queue: name, error: error.message }, 'the queue has trouble')
  queue.on('error', complain)
  worker.on('error', complain)
  worker.on('failed', (job, error) => log.warn({ queue: name, job: job?.id, error: error.message }, 'a job failed'))
  return {
    add: async (jobId, data, { delayMs = 0 } = {}) => {
      const backoff = { type: 'exponential', delay: backoffMs }
      await queue.add(name, data, {
        jobId,
        delay: delayMs,
        attempts,
        backoff,
        removeOnComplete: true,
        removeOnFail: true,
      })
    },
    close: async () => {
      await worker.close()
      await queue.close()
    },
  }
}
