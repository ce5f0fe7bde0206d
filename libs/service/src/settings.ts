import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65_535)
const jsonObject = <T extends z.ZodType>(inner: T) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' })
        return z.NEVER
      }
    })
    .pipe(inner)

const environment = z.object({
  SERVICE_NAME: z.string().min(1),
  HOST: z.string().default('127.0.0.1'),
  HTTP_PORT: port,
  GRPC_PORT: port,
  STATE_DIR: z.string().min(1),
  NATS_URL: z.string().min(1),
  REDIS_URL: z.string().min(1),
  MONGODB_URI: z.string().min(1).optional(),
  COOP_CONFIG: z.string().min(1),
  SECRETS_FILE: z.string().min(1),
  PEERS: jsonObject(z.record(z.string(), z.string())),
  URLS: jsonObject(z.record(z.string(), z.url())),
  SANDBOX_CLOCK: z.string().optional(),
  OPENCOLLECTIVE_URL: z.url().optional(),
  OPENCOLLECTIVE_TOKEN: z.string().optional(),
  SANDBOX_NODES: jsonObject(
    z.array(z.object({ nodeId: z.string(), url: z.url(), secret: z.string(), region: z.string() })),
  ).optional(),
})

/** What differs from one machine to another: addresses and where things lie. Everything else is in the code. */
export type Settings = Readonly<z.infer<typeof environment>>

/** Reads the environment. Throws with the name of each variable that is missing or wrong. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const read = environment.safeParse(env)
  if (read.success) return Object.freeze(read.data)
  const problems = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`the environment is not complete: ${problems.join('; ')}`)
}
