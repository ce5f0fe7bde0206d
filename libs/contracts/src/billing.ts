export * from '../gen/billing/v1/contribution.ts'
export * from '../gen/billing/v1/events.ts'
export * from '../gen/billing/v1/query_service.ts'
