import { GraphQLError, GraphQLScalarType, buildSchema, execute, parse, validate } from 'graphql'
import type { ExecutionResult } from 'graphql'
import { withCode } from './graphql-errors.ts'
import { schemaText } from './graphql-schema.ts'
import type { World } from './model.ts'
import { rootFor } from './resolvers.ts'
import type { Reader } from './resolvers.ts'

const bounds = { tokens: 1_500, rememberedQueries: 200 }

export type GraphqlRequest = {
  query: string
  variables?: Record<string, unknown> | null
  operationName?: string | null
}

const schema = buildSchema(schemaText)
const dateTime = schema.getType('DateTime')
if (!(dateTime instanceof GraphQLScalarType)) throw new Error('DateTime is missing from the schema')
dateTime.coerceOutputValue = (ms) => new Date(ms as number).toISOString()
dateTime.coerceInputValue = toMs
dateTime.coerceInputLiteral = (literal) => toMs('value' in literal ? literal.value : null)

const prepared = new Map<string, ReturnType<typeof parse>>()

/** Runs one query; an unreadable or invalid one answers 400, an error in a resolver 200 with `errors`. */
export async function answerQuery(
  world: World,
  reader: Reader,
  { query, variables, operationName }: GraphqlRequest,
): Promise<{ httpStatus: number; result: ExecutionResult }> {
  const document = prepare(query)
  if (Array.isArray(document)) return { httpStatus: 400, result: { errors: document } }
  const rootValue = rootFor(world, reader)
  const result = await execute({ schema, document, rootValue, variableValues: variables, operationName })
  if (!result.errors) return { httpStatus: 200, result }
  const started = 'data' in result
  return { httpStatus: started ? 200 : 400, result: { ...result, errors: result.errors.map(withCode) } }
}

function prepare(query: string): ReturnType<typeof parse> | GraphQLError[] {
  const known = prepared.get(query)
  if (known) return known
  try {
    const document = parse(query, { maxTokens: bounds.tokens })
    const faults = validate(schema, document)
    if (faults.length > 0) return faults.map((fault) => coded(fault, 'GRAPHQL_VALIDATION_FAILED'))
    if (prepared.size >= bounds.rememberedQueries) prepared.clear()
    prepared.set(query, document)
    return document
  } catch (error) {
    if (error instanceof GraphQLError) return [coded(error, 'GRAPHQL_PARSE_FAILED')]
    throw error
  }
}

function coded(error: GraphQLError, code: string): GraphQLError {
  error.extensions.code = code
  return error
}

function toMs(value: unknown): number {
  const ms = typeof value === 'string' ? Date.parse(value) : NaN
  if (Number.isNaN(ms))
    throw new GraphQLError(`DateTime cannot represent an invalid date-time-string ${String(value)}.`)
  return ms
}
