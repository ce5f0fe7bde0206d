/** The seven services, in the order of their ports. */
export const serviceNames = [
  'bbb-gateway',
  'portal',
  'billing',
  'recording-storage',
  'room-scheduling',
  'membership',
  'node-orchestration',
] as const

export type ServiceName = (typeof serviceNames)[number]

export const defaultPortBase = 8080
export const highestPortBase = 65535 - 2001

export type Ports = ReturnType<typeof portsFrom>

/** Every port of one co-op on one machine, counted from `base`: 8080 gives HTTP 8080…, gRPC 8180…, NATS 10080. */
export function portsFrom(base: number) {
  const numbered = (first: number) =>
    Object.fromEntries(serviceNames.map((name, i) => [name, first + i])) as Record<ServiceName, number>
  return {
    http: numbered(base),
    grpc: numbered(base + 100),
    opencollective: base + 1020,
    nodes: [base + 1021, base + 1022],
    nats: base + 2000,
    redis: base + 2001,
  }
}
