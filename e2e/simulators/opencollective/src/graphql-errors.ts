import { GraphQLError } from 'graphql'

/** An error as OpenCollective's resolvers throw it; `code` is one of NotFound, Unauthorized, Forbidden, ValidationFailed. */
export function apiError(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, id: crypto.randomUUID() } })
}

/** An error that the API did not foresee gets the server's general code. */
export function withCode(error: GraphQLError): GraphQLError {
  if (error.extensions.code) return error
  const { message, nodes, source, positions, path } = error
  const extensions = { code: 'INTERNAL_SERVER_ERROR' }
  return new GraphQLError(message, { nodes, source, positions, path, originalError: error, extensions })
}
