export * from '../gen/membership/v1/entitlements.ts'
export * from '../gen/membership/v1/events.ts'
export * from '../gen/membership/v1/query_service.ts'
