import { connect, type NatsConnection } from '@nats-io/transport-node'

/**
 * A connection that reconnects without end and notices a frozen server within 45 seconds; the library's own defaults
 * give up after 20 seconds and take minutes to notice.
 */
export const openConnection = (url: string, name: string, wait: boolean): Promise<NatsConnection> =>
  connect({
    servers: url.split(','),
    name,
    maxReconnectAttempts: -1,
    waitOnFirstConnect: wait,
    reconnectTimeWait: 500,
    pingInterval: 15_000,
    maxPingOut: 2,
  })
